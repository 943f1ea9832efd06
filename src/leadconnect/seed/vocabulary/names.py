"""Names by culture, put together by us. A name is written ``romanised=native``, or once where the script is Latin."""

from typing import NamedTuple


class Name(NamedTuple):
    """A name in Latin letters, as people write it in e-mail addresses, and in its own script."""

    latin: str
    native: str


class Culture(NamedTuple):
    """How people of one language are named. `joiner` stands between the two names in the native script."""

    given: tuple[Name, ...]
    family: tuple[Name, ...]
    is_family_first: bool = False
    joiner: str = " "
    native_share: float = 0.0
    """The share of people who are written in their own script rather than romanised, 0 to 1."""


def _names(text: str) -> tuple[Name, ...]:
    pairs = (word.replace("_", " ").partition("=") for word in text.split())
    return tuple(Name(latin, native or latin) for latin, _, native in pairs)


HINDI = Culture(
    given=_names(
        "Aarav=आरव Aditi=अदिति Ananya=अनन्या Arjun=अर्जुन Deepak=दीपक Divya=दिव्या Farhan=फ़रहान Gauri=गौरी Harsh=हर्ष "
        "Ishita=इशिता Kabir=कबीर Kavita=कविता Manish=मनीष Meera=मीरा Neha=नेहा Nikhil=निखिल Pooja=पूजा Pranav=प्रणव "
        "Priya=प्रिया Rahul=राहुल Rajesh=राजेश Ritu=रितु Rohan=रोहन Sakshi=साक्षी Sanjay=संजय Shreya=श्रेया Sunita=सुनीता "
        "Varun=वरुण Vikram=विक्रम Zoya=ज़ोया"
    ),
    family=_names(
        "Agarwal=अग्रवाल Bhatia=भाटिया Chauhan=चौहान Deshmukh=देशमुख Dubey=दुबे Gupta=गुप्ता Jain=जैन Joshi=जोशी "
        "Kapoor=कपूर Khan=ख़ान Kulkarni=कुलकर्णी Malhotra=मल्होत्रा Mehta=मेहता Mishra=मिश्रा Patel=पटेल Patil=पाटिल "
        "Rao=राव Saxena=सक्सेना Shah=शाह Sharma=शर्मा Singh=सिंह Tiwari=तिवारी Verma=वर्मा Yadav=यादव"
    ),
    native_share=0.12,
)
TAMIL = Culture(
    given=_names(
        "Anbu=அன்பு Arun=அருண் Bhavani=பவானி Ezhil=எழில் Ganesan=கணேசன் Janani=ஜனனி Karthik=கார்த்திக் Kavya=காவ்யா "
        "Lakshmi=லட்சுமி Madhavan=மாதவன் Meenakshi=மீனாட்சி Murugan=முருகன் Nandhini=நந்தினி Prakash=பிரகாஷ் "
        "Revathi=ரேவதி Saravanan=சரவணன் Selvi=செல்வி Senthil=செந்தில் Tamilselvan=தமிழ்செல்வன் Yamuna=யமுனா"
    ),
    family=_names(
        "Annamalai=அண்ணாமலை Balakrishnan=பாலகிருஷ்ணன் Chandran=சந்திரன் Iyer=ஐயர் Krishnamurthy=கிருஷ்ணமூர்த்தி "
        "Naidu=நாயுடு Palaniappan=பழனியப்பன் Rajagopal=ராஜகோபால் Ramasamy=ராமசாமி Subramanian=சுப்பிரமணியன் "
        "Sundaram=சுந்தரம் Venkatesan=வெங்கடேசன்"
    ),
    native_share=0.12,
)
GERMAN = Culture(
    given=_names(
        "Anja Björn Claudia Dieter Elke Felix Franziska Günther Hannah Heike Jan Jonas Jürgen Katrin Klaus Lena Lukas "
        "Matthias Mia Moritz Sabine Sören Stefan Theresa Ulrike Uwe"
    ),
    family=_names(
        "Bauer Becker Böhm Fischer Fuchs Groß Hartmann Hoffmann Jäger Keller Koch Krüger Lange Müller Neumann Peters "
        "Richter Schäfer Schmidt Schröder Schulz Vogel Weber Weiß Winkler Zimmermann"
    ),
)
FRENCH = Culture(
    given=_names(
        "Adèle Amélie Antoine Benoît Camille Céline Chloé Clément Émilie Étienne François Gaëlle Hélène Hugo Inès "
        "Jean-Luc Jérôme Léa Léo Loïc Maëlle Marie-Claire Nathalie Noémie Rémi Théo Zoé"
    ),
    family=_names(
        "Beaumont Bernard Blanchard Chevalier Colin Delacroix D'Arcy Dubois Dupont Faure Fournier Garçon Gauthier "
        "Girard Lambert Lefèvre Lemaître Mercier Moreau Noël Perrin Renaud Roussel Thévenet Vidal"
    ),
)
SWEDISH = Culture(
    given=_names(
        "Agneta Anders Åsa Astrid Björn Elsa Erik Freja Göran Gunilla Håkan Ingrid Johan Karin Lars Linnéa Maja Nils "
        "Oskar Pär Sigrid Sven Ulf Viktor"
    ),
    family=_names(
        "Andersson Åberg Bergström Björk Dahl Ekström Forsberg Holmqvist Johansson Karlsson Lindgren Lundqvist "
        "Nilsson Nyström Öberg Sandström Sjöberg Söderberg Wallin"
    ),
)
ENGLISH = Culture(
    given=_names(
        "Abigail Aisha Andrew Bethany Callum Charlotte Daniel Eleanor Emma Gareth George Grace Hannah Isla Jack James "
        "Kieran Laura Megan Nathan Olivia Oscar Rebecca Ryan Samuel Sarah Siobhán Sophie Thomas William"
    ),
    family=_names(
        "Adams Bennett Brooks Carter Clarke Cooper Davies Evans Foster Graham Hughes Jackson Kelly Lewis MacDonald "
        "Mitchell Morgan Murphy O'Brien O'Neill Parker Patel-Jones Reed Roberts Smith-Hall Taylor Turner Walker Wright"
    ),
)
ARABIC = Culture(
    given=_names(
        "Ahmed=أحمد Aisha=عائشة Ali=علي Amal=أمل Bilal=بلال Dalia=داليا Fatima=فاطمة Hassan=حسن Huda=هدى "
        "Ibrahim=إبراهيم Karim=كريم Khalid=خالد Layla=ليلى Mahmoud=محمود Maryam=مريم Mohammed=محمد "
        "Nadia=نادية Nour=نور Omar=عمر Rania=رانيا Salma=سلمى Samir=سمير Tariq=طارق Yasmin=ياسمين Yusuf=يوسف "
        "Zainab=زينب"
    ),
    family=_names(
        "Abdullah=عبدالله Al-Ansari=الأنصاري Al-Farsi=الفارسي Al-Harbi=الحربي Al-Mansouri=المنصوري Al-Masri=المصري "
        "Al-Najjar=النجار Al-Qahtani=القحطاني Al-Rashid=الراشد Al-Sayed=السيد Bakri=بكري Darwish=درويش Haddad=حداد "
        "Khoury=خوري Mansour=منصور Nasser=ناصر Saleh=صالح Shaheen=شاهين Suleiman=سليمان Zidan=زيدان"
    ),
    native_share=0.5,
)
CHINESE = Culture(
    given=_names(
        "Bowen=博文 Fang=芳 Haoran=浩然 Hui=慧 Jiayi=佳怡 Jie=杰 Jing=静 Junjie=俊杰 Lei=磊 Lili=丽丽 Meiling=美玲 "
        "Min=敏 Mingze=明泽 Na=娜 Peng=鹏 Qiang=强 Ruoxi=若曦 Shan=珊 Tao=涛 Wei=伟 Xinyi=欣怡 Xiuying=秀英 Yan=燕 "
        "Yichen=奕辰 Yong=勇 Yutong=雨桐 Zihan=子涵 Zixuan=子轩"
    ),
    family=_names(
        "Chen=陈 Cheng=程 Deng=邓 Fan=范 Feng=冯 Gao=高 Guo=郭 He=何 Hu=胡 Huang=黄 Li=李 Liang=梁 Lin=林 Liu=刘 "
        "Luo=罗 Ma=马 Song=宋 Sun=孙 Tang=唐 Wang=王 Wu=吴 Xie=谢 Xu=徐 Yang=杨 Zhang=张 Zhao=赵 Zheng=郑 Zhou=周"
    ),
    is_family_first=True,
    joiner="",
    native_share=0.6,
)
JAPANESE = Culture(
    given=_names(
        "Aoi=葵 Ayumi=歩美 Daiki=大輝 Emi=恵美 Hana=花 Haruto=陽翔 Hiroshi=浩 Kaori=香織 Kazuki=和樹 Kenta=健太 Mai=舞 "
        "Makoto=誠 Misaki=美咲 Naoki=直樹 Ren=蓮 Riko=莉子 Sakura=さくら Satoshi=聡 Shota=翔太 Takashi=隆 Tomoko=智子 "
        "Yui=結衣 Yuki=由紀 Yuto=悠斗"
    ),
    family=_names(
        "Abe=阿部 Endo=遠藤 Fujita=藤田 Goto=後藤 Hasegawa=長谷川 Hayashi=林 Inoue=井上 Ishikawa=石川 Ito=伊藤 "
        "Kato=加藤 Kimura=木村 Kobayashi=小林 Matsumoto=松本 Mori=森 Nakamura=中村 Ogawa=小川 Saito=斎藤 Sasaki=佐々木 "
        "Sato=佐藤 Suzuki=鈴木 Takahashi=高橋 Tanaka=田中 Watanabe=渡辺 Yamada=山田 Yamamoto=山本 Yoshida=吉田"
    ),
    is_family_first=True,
    joiner=" ",
    native_share=0.6,
)
KOREAN = Culture(
    given=_names(
        "Da-eun=다은 Do-yun=도윤 Eun-ji=은지 Ha-jun=하준 Hye-jin=혜진 Ji-ho=지호 Ji-woo=지우 Jun-seo=준서 Min-jun=민준 "
        "Min-seo=민서 Sang-hoon=상훈 Seo-yeon=서연 Seung-min=승민 Soo-jin=수진 Sung-ho=성호 Tae-yang=태양 Ye-jin=예진 "
        "Young-hee=영희"
    ),
    family=_names(
        "Ahn=안 Cho=조 Choi=최 Han=한 Hwang=황 Jang=장 Jeon=전 Jung=정 Kang=강 Kim=김 Kwon=권 Lee=이 Lim=임 Oh=오 "
        "Park=박 Seo=서 Shin=신 Song=송 Yoon=윤"
    ),
    is_family_first=True,
    joiner="",
    native_share=0.6,
)
