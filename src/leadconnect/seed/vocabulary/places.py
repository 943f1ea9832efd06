"""The countries of the demo data: their cities, post codes, phone numbers and working time.

No telephone number here can reach anybody. Where a regulator has set numbers aside for fiction those are used: the
United States (NANPA: 555-0100 to 555-0199), the United Kingdom (Ofcom), Germany (Bundesnetzagentur), France (Arcep)
and Sweden (PTS). Elsewhere a number has the country's length and a beginning that is given to nobody.
"""

from typing import NamedTuple

from leadconnect.seed.vocabulary import names
from leadconnect.seed.vocabulary.names import Culture


class City(NamedTuple):
    """A city with its state and the beginning of its post codes, which the country's `postcode` completes."""

    name: str
    state: str
    postcode: str


class Country(NamedTuple):
    """A country. In `phones` and `postcode` ``#`` is a digit, ``A`` a letter and ``@`` what `City.postcode` holds."""

    name: str
    code: str
    culture: Culture
    time_zone: str
    cities: tuple[City, ...]
    postcode: str
    phones: tuple[str, ...]
    company_endings: tuple[str, ...]
    native_cities: tuple[str, ...] = ()
    """The cities in the script of the culture, in the order of `cities`; empty where that is Latin or not in use."""


def _cities(text: str) -> tuple[City, ...]:
    return tuple(City(*(part.strip() for part in line.split("|"))) for line in text.strip().splitlines())


INDIA_NORTH = Country(
    name="India",
    code="IN",
    culture=names.HINDI,
    time_zone="Asia/Kolkata",
    cities=_cities("""
        Mumbai | Maharashtra | 4000
        Pune | Maharashtra | 4110
        Nagpur | Maharashtra | 4400
        Delhi | Delhi | 1100
        Jaipur | Rajasthan | 3020
        Lucknow | Uttar Pradesh | 2260
        Ahmedabad | Gujarat | 3800
        Surat | Gujarat | 3950
        Bhopal | Madhya Pradesh | 4620
        Chandigarh | Chandigarh | 1600
    """),
    postcode="@##",
    phones=("+91 10### #####", "+9110########", "10### #####", "+91-10########", "+91 22 0### ####", "011 0### ####"),
    company_endings=("", "", " Pvt Ltd", " & Sons", " India", " Enterprises"),
)
INDIA_SOUTH = INDIA_NORTH._replace(
    culture=names.TAMIL,
    cities=_cities("""
        Chennai | Tamil Nadu | 6000
        Coimbatore | Tamil Nadu | 6410
        Madurai | Tamil Nadu | 6250
        Bengaluru | Karnataka | 5600
        Mysuru | Karnataka | 5700
        Hyderabad | Telangana | 5000
        Kochi | Kerala | 6820
        Visakhapatnam | Andhra Pradesh | 5300
    """),
)
GERMANY = Country(
    name="Germany",
    code="DE",
    culture=names.GERMAN,
    time_zone="Europe/Berlin",
    cities=_cities("""
        Berlin | Berlin | 101
        Hamburg | Hamburg | 200
        München | Bayern | 803
        Köln | Nordrhein-Westfalen | 506
        Frankfurt am Main | Hessen | 603
    """),
    postcode="@##",
    phones=(
        "030 23125 ###",
        "040 66969 ###",
        "089 99998 ###",
        "+49 221 4710 ###",
        "+49 69 90009 ###",
        "+49 171 39200##",
    ),
    company_endings=(" GmbH", " AG", " GmbH & Co. KG", ""),
)
FRANCE = Country(
    name="France",
    code="FR",
    culture=names.FRENCH,
    time_zone="Europe/Paris",
    cities=_cities("""
        Paris | Île-de-France | 750
        Lyon | Auvergne-Rhône-Alpes | 690
        Marseille | Provence-Alpes-Côte d'Azur | 130
        Nîmes | Occitanie | 300
        Orléans | Centre-Val de Loire | 450
    """),
    postcode="@##",
    phones=("01 99 00 ## ##", "06 39 98 ## ##", "+33 6 39 98 ## ##", "+33 4 65 71 ## ##"),
    company_endings=(" SARL", " SAS", " et Fils", ""),
)
SWEDEN = Country(
    name="Sweden",
    code="SE",
    culture=names.SWEDISH,
    time_zone="Europe/Stockholm",
    cities=_cities("""
        Stockholm | Stockholms län | 111
        Göteborg | Västra Götalands län | 411
        Malmö | Skåne län | 211
    """),
    postcode="@ ##",
    phones=("08-465 004 ##", "070-174 06 ##", "+46 70 174 06 ##"),
    company_endings=(" AB", " & Co AB", ""),
)
BRITAIN = Country(
    name="United Kingdom",
    code="GB",
    culture=names.ENGLISH,
    time_zone="Europe/London",
    cities=_cities("""
        London | England | EC1A
        Manchester | England | M1
        Leeds | England | LS1
        Edinburgh | Scotland | EH1
        Cardiff | Wales | CF10
    """),
    postcode="@ #AA",
    phones=("07700 900###", "+44 7700 900###", "020 7946 0###", "+44 161 496 0###", "0113 496 0###"),
    company_endings=(" Ltd", " plc", " & Partners", ""),
)
AMERICA = Country(
    name="United States",
    code="US",
    culture=names.ENGLISH,
    time_zone="America/New_York",
    cities=_cities("""
        New York | New York | 100
        Chicago | Illinois | 606
        Austin | Texas | 787
        Seattle | Washington | 981
        Denver | Colorado | 802
    """),
    postcode="@##",
    phones=("(212) 555-01##", "(312) 555-01##", "+1 512-555-01##", "206-555-01##", "+1 303 555 01##"),
    company_endings=(" Inc.", " LLC", " Co.", ""),
)
EMIRATES = Country(
    name="United Arab Emirates",
    code="AE",
    culture=names.ARABIC,
    time_zone="Asia/Dubai",
    cities=_cities("""
        Dubai | Dubai | 00
        Abu Dhabi | Abu Dhabi | 00
        Sharjah | Sharjah | 00
    """),
    postcode="@###",
    phones=("+971 51 ### ####", "051 ### ####"),
    company_endings=(" LLC", " Trading", " FZE"),
    native_cities=("دبي", "أبوظبي", "الشارقة"),
)
EGYPT = Country(
    name="Egypt",
    code="EG",
    culture=names.ARABIC,
    time_zone="Africa/Cairo",
    cities=_cities("""
        Cairo | Cairo | 115
        Alexandria | Alexandria | 215
        Giza | Giza | 125
    """),
    postcode="@##",
    phones=("+20 19 #### ####", "019 #### ####"),
    company_endings=(" Group", " Trading", ""),
    native_cities=("القاهرة", "الإسكندرية", "الجيزة"),
)
CHINA = Country(
    name="China",
    code="CN",
    culture=names.CHINESE,
    time_zone="Asia/Shanghai",
    cities=_cities("""
        Shanghai | Shanghai | 200
        Beijing | Beijing | 100
        Shenzhen | Guangdong | 518
        Hangzhou | Zhejiang | 310
        Chengdu | Sichuan | 610
    """),
    postcode="@###",
    phones=("+86 120 #### ####", "120########"),
    company_endings=(" Co., Ltd.", " Group"),
    native_cities=("上海", "北京", "深圳", "杭州", "成都"),
)
JAPAN = Country(
    name="Japan",
    code="JP",
    culture=names.JAPANESE,
    time_zone="Asia/Tokyo",
    cities=_cities("""
        Tokyo | Tokyo | 100
        Osaka | Osaka | 530
        Nagoya | Aichi | 450
        Sapporo | Hokkaido | 060
        Fukuoka | Fukuoka | 810
    """),
    postcode="@-00##",
    phones=("090-0###-####", "+81 90 0### ####", "03-0###-####"),
    company_endings=(" K.K.", " Co., Ltd."),
    native_cities=("東京", "大阪", "名古屋", "札幌", "福岡"),
)
KOREA = Country(
    name="South Korea",
    code="KR",
    culture=names.KOREAN,
    time_zone="Asia/Seoul",
    cities=_cities("""
        Seoul | Seoul | 045
        Busan | Busan | 487
        Incheon | Incheon | 215
    """),
    postcode="@##",
    phones=("02-0###-####", "+82 2 0### ####"),
    company_endings=(" Co., Ltd.", " Corp."),
    native_cities=("서울", "부산", "인천"),
)

COUNTRIES = (
    INDIA_NORTH, INDIA_SOUTH, GERMANY, FRANCE, SWEDEN, BRITAIN, AMERICA, EMIRATES, EGYPT, CHINA, JAPAN, KOREA,
)  # fmt: skip
HOMES = (INDIA_NORTH, GERMANY, EMIRATES, JAPAN, BRITAIN, INDIA_SOUTH, FRANCE, CHINA, AMERICA, KOREA, SWEDEN, EGYPT)
"""Where accounts are at home, in the order in which they are made."""
