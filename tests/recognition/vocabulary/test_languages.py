"""Headers in every language that an account can choose, and English ones as people vary them."""

import pytest

from leadconnect.accounts.models import Locale
from leadconnect.recognition.headers import header_key, target_of
from leadconnect.recognition.models import TARGETS
from leadconnect.recognition.vocabulary.aliases import ALIASES
from leadconnect.recognition.vocabulary.languages import spellings

SHEETS = {
    "bn": "name নাম, phoneNumber মোবাইল নম্বর, email ইমেইল, companyName কোম্পানি, city শহর",
    "cs": "firstName Jméno, lastName Příjmení, phoneNumber Telefonní číslo, email E-mail, companyName Společnost",
    "da": "name Navn, phoneNumber Telefonnummer, email E-mailadresse, companyName Virksomhed, pincode Postnummer",
    "de": "name Ansprechpartner, phoneNumber Rufnummer Mobil, city Ort geschäftlich, companyName Firma",
    "el": "name Ονοματεπώνυμο, phoneNumber Τηλέφωνο, email Διεύθυνση email, companyName Εταιρεία, city Πόλη",
    "es": "name Nombre y apellidos, phoneNumber Teléfono móvil, email Correo electrónico, companyName Empresa",
    "fi": "name Nimi, phoneNumber Puhelinnumero, email Sähköposti, companyName Yritys, city Kaupunki",
    "fr": "name Nom complet, phoneNumber Tél. portable, email Adresse e-mail, companyName Société, city Ville",
    "gu": "name નામ, phoneNumber મોબાઇલ નંબર, email ઈમેલ, companyName કંપની, city શહેર",
    "he": "name שם מלא, phoneNumber טלפון נייד, email אימייל, companyName חברה, city עיר",
    "hi": "name नाम, phoneNumber मोबाइल नंबर, email ईमेल, companyName कंपनी, city शहर",
    "hu": "name Név, phoneNumber Telefonszám, email E-mail cím, companyName Cégnév, city Város",
    "id": "name Nama lengkap, phoneNumber No. HP, email Alamat email, companyName Perusahaan, city Kota",
    "it": "name Nome e cognome, phoneNumber Cellulare, email Indirizzo email, companyName Azienda, city Città",
    "ja": "name 氏名, phoneNumber 電話番号, email メールアドレス, companyName 会社名, pincode 郵便番号",
    "kn": "name ಹೆಸರು, phoneNumber ಮೊಬೈಲ್ ಸಂಖ್ಯೆ, email ಇಮೇಲ್, companyName ಕಂಪನಿ, city ನಗರ",
    "ko": "name 이름, phoneNumber 전화번호, email 이메일, companyName 회사, city 도시",
    "ml": "name പേര്, phoneNumber ഫോൺ നമ്പർ, email ഇമെയിൽ, companyName കമ്പനി, city നഗരം",
    "mr": "name नाव, phoneNumber मोबाईल क्रमांक, email ई-मेल पत्ता, companyName कंपनीचे नाव, city गाव",
    "nb": "name Navn, phoneNumber Mobilnummer, email E-postadresse, companyName Bedrift, city Poststed",
    "nl": "name Naam, phoneNumber Telefoonnummer, email E-mailadres, companyName Bedrijfsnaam, city Woonplaats",
    "pa": "name ਨਾਮ, phoneNumber ਮੋਬਾਈਲ ਨੰਬਰ, email ਈਮੇਲ, companyName ਕੰਪਨੀ, city ਸ਼ਹਿਰ",
    "pl": "name Imię i nazwisko, phoneNumber Nr telefonu, email Adres e-mail, companyName Nazwa firmy",
    "pt": "name Nome completo, phoneNumber Telemóvel, email Endereço de e-mail, companyName Empresa, city Cidade",
    "ro": "lastName Nume, firstName Prenume, phoneNumber Nr. telefon, email Adresă email, city Localitate",
    "ru": "name ФИО, phoneNumber Номер телефона, email Электронная почта, companyName Организация, city Город",
    "sv": "firstName Förnamn, lastName Efternamn, phoneNumber Mobilnummer, email E-postadress, companyName Företag",
    "ta": "name பெயர், phoneNumber தொலைபேசி எண், email மின்னஞ்சல், companyName நிறுவனம், city நகரம்",
    "te": "name పేరు, phoneNumber ఫోన్ నంబర్, email ఇమెయిల్, companyName కంపెనీ, city నగరం",
    "th": "name ชื่อ-นามสกุล, phoneNumber เบอร์โทรศัพท์, email อีเมล, companyName บริษัท, state จังหวัด",
    "tr": "name Ad Soyad, phoneNumber Cep telefonu, email E-posta, companyName Şirket, city Şehir",
    "uk": "name ПІБ, phoneNumber Номер телефону, email Електронна пошта, companyName Компанія, city Місто",
    "ur": "name نام, phoneNumber موبائل نمبر, email ای میل, companyName کمپنی, city شہر",
    "vi": "name Họ và tên, phoneNumber Số điện thoại, email Địa chỉ email, companyName Công ty, city Thành phố",
    "zh": "name 姓名, phoneNumber 手机号码, email 電子郵件, companyName 公司名称, city 城市",
    "ar": "name الاسم, phoneNumber رقم الجوال, email البريد الإلكتروني, companyName الشركة, city المدينة",
    "en": "name Full Name, phoneNumber Phone Number, email Email, companyName Company, city City",
}
ENGLISH = {
    "name": "client name, name of the client, applicant's name, Your full name?, What's your name, name (full), POC",
    "phoneNumber": (
        "cell phone #, phone/mobile, Mobile (WhatsApp), phone - work, alt. phone, registered mobile no, tel. no. 2, "
        "customerPhone, Phone No./Mobile No., what is your mobile number?, mobile number with country code, E-mail / "
        "Phone, ｐｈｏｎｅ, contact numbers, PHONE_HOME, Mobile | WhatsApp, secondary phone no"
    ),
    "email": "official e-mail, email - home, e-mail 3 address, contact_mail, mail-id, EmailAddress, your email?",
    "companyName": "name of company, shop name, company/organisation, customer company, dealer name",
    "city": "city / town, your city, Billing City, homeCity, city (billing)",
    "pincode": "postal/zip code, area pincode, Home ZipCode, post code",
    "state": "state name, province/state, billing state",
    "leadSource": "source of lead, utm_source, enquiry source, where did you find us?",
    "leadStatus": "call status, current stage, outcome, follow up status",
    "nextFollowupDate": "next call date, callback date, next follow-up date & time, reminder date",
    "lastContactedDate": "last called on, last visit date, last interaction",
    "additionalNotes": "any message for us?, call notes, last remark, additional info, how can we help?",
    "customerInterestedIn": "services required, what are you interested in?, project, item",
    "designation": "job role, job position, profession",
    "externalId": "client no, ref no, crm id, customer number",
    "dateOfBirth": "d.o.b., bday, born, date of birth (dd/mm/yyyy)",
    "customReferralSource": "reference by, referral name",
}


def test_every_language_of_an_account_has_its_headers() -> None:
    languages = {locale.value.partition("-")[0] for locale in Locale}
    assert languages == set(SHEETS) == {entry.language for entry in spellings()}


@pytest.mark.parametrize("language", SHEETS)
def test_the_usual_headers_of_a_language_mean_their_fields(language: str) -> None:
    for pair in SHEETS[language].split(", "):
        target, _, header = pair.partition(" ")
        assert (header, target_of(header)) == (header, target)


@pytest.mark.parametrize("target", ENGLISH)
def test_headers_are_understood_as_people_vary_them(target: str) -> None:
    assert {header: target_of(header) for header in ENGLISH[target].split(", ")} == dict.fromkeys(
        ENGLISH[target].split(", "), target
    )


@pytest.mark.parametrize(
    "header",
    ["Father's name", "Manager's Name", "Business Fax", "Lead owner", "Street / City", "Home Address", "Order number",
     "Invoice no", "Phone type", "Email verified", "Your budget?", "Customer since", "work", "of the", "GST No"],
)  # fmt: skip
def test_words_around_a_field_are_no_field(header: str) -> None:
    assert target_of(header) is None


def test_a_spelling_means_one_target_in_each_language() -> None:
    for language in SHEETS:
        seen: dict[str, str] = {}
        for entry in spellings():
            if entry.language == language:
                assert entry.target in TARGETS
                for header in entry.headers:
                    assert seen.setdefault(header_key(header), entry.target) == entry.target, header


def test_the_tables_agree_on_what_english_headers_mean() -> None:
    known = {header_key(alias): target for target, aliases in ALIASES.items() for alias in aliases}
    for entry in spellings():
        if entry.language == "en":
            for header in entry.headers:
                assert known.get(header_key(header), entry.target) == entry.target, header
