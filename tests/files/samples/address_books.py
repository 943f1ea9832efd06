"""Google Contacts, Outlook and LinkedIn."""

from tests.files.samples.making import make, notes

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,"
    "Photo,Labels,E-mail 1 - Label,E-mail 1 - Value"
)
GOOGLE_OLDER = (
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,"
    "Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,"
    "Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,"
    "E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Organization 1 - Type,Organization 1 - Name,"
    "Organization 1 - Title"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
    "Business State,Business Postal Code,Business Country/Region,Home Street,Home City,Assistant's Phone,"
    "Business Fax,Business Phone,Business Phone 2,Home Fax,Home Phone,Mobile Phone,Pager,Birthday,Categories,"
    "E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,Gender,Initials,Language,Notes,Priority,"
    "Private,Referred By,Sensitivity,Web Page"
)

ADDRESS_BOOKS = (
    make(
        "google_contacts", "google_contacts",
        f"{GOOGLE},Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - City,Address 1 - Region,"
        "Address 1 - Postal Code,Address 1 - Country",
        [
            (
                {"Name Prefix": "Dr.", "First Name": "Asha", "Middle Name": "K", "Last Name": "Rao",
                 "Organization Name": "Example Mills", "Organization Title": "Head of Purchase",
                 "Birthday": "1985-03-12",
                 "Notes": "Met in Pune", "Labels": "* myContacts ::: Navy", "E-mail 1 - Label": "* Work",
                 "E-mail 1 - Value": "asha@example.com", "Phone 1 - Label": "Mobile",
                 "Phone 1 - Value": "+91 98765 43210",
                 "Address 1 - Label": "Work", "Address 1 - City": "Pune", "Address 1 - Region": "Maharashtra",
                 "Address 1 - Postal Code": "411001", "Address 1 - Country": "India"},
                {"name": "Dr. Asha K Rao", "companyName": "Example Mills", "designation": "Head of Purchase",
                 "dateOfBirth": "1985-03-12", "email": "asha@example.com", "phoneNumber": "+91 98765 43210",
                 "city": "Pune",
                 "state": "Maharashtra", "pincode": "411001", "country": "India",
                 "additionalNotes": notes("Met in Pune", "Labels: * myContacts ::: Navy")},
            ),
            (
                {"First Name": "Mina", "Labels": "* myContacts", "Birthday": "--05-12",
                 "E-mail 1 - Value": "mina@example.com ::: mina@work.example"},
                {"name": "Mina", "email": "mina@example.com", "phoneNumber": "",
                 "additionalNotes": notes("Birthday: --05-12",
                                          "E-mail 1 - Value: mina@work.example")},
            ),
        ],
    ),
    make(
        "google_contacts", "google_contacts",
        f"{GOOGLE},E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value",
        [
            (
                {"Organization Name": "Example GmbH", "E-mail 1 - Value": "info@example.com",
                 "E-mail 2 - Value": "sales@example.com", "Phone 1 - Value": "12", "Phone 2 - Value": "+49 30 1234567"},
                {"name": "Example GmbH", "companyName": "Example GmbH", "email": "info@example.com",
                 "phoneNumber": "+49 30 1234567",
                 "additionalNotes": notes("Phone 1 - Value: 12", "E-mail 2 - Value: sales@example.com")},
            ),
            (
                {"Nickname": "Bob", "Phone 1 - Value": "+1 202 555 0123"},
                {"name": "+1 202 555 0123", "phoneNumber": "+1 202 555 0123", "additionalNotes": "Nickname: Bob"},
            ),
        ],
        line_end="\n",
    ),
    make(
        "google_contacts", "google_contacts",
        f"{GOOGLE},Phone 1 - Label,Phone 1 - Value,Website 1 - Label,Website 1 - Value,Custom Field 1 - Label,"
        "Custom Field 1 - Value",
        [
            (
                {"First Name": "محمد", "Last Name": "الأحمد", "Phone 1 - Value": "+971 50 123 4567 ::: +971 4 123 4567",
                 "Website 1 - Label": "Blog", "Website 1 - Value": "https://example.com",
                 "Custom Field 1 - Label": "Budget", "Custom Field 1 - Value": "500"},
                {"name": "محمد الأحمد", "phoneNumber": "+971 50 123 4567",
                 "additionalNotes": notes("Website 1 - Value: https://example.com", "Custom Field 1 - Label: Budget",
                                          "Custom Field 1 - Value: 500", "Phone 1 - Value: +971 4 123 4567")},
            ),
        ],
        encoding="utf-8-sig",
    ),
    make(
        "google_contacts_older", "google_contacts", GOOGLE_OLDER,
        [
            (
                {"Name": "Ravi Kumar", "Given Name": "Ravi", "Family Name": "Kumar", "Group Membership": "* myContacts",
                 "E-mail 1 - Type": "*", "E-mail 1 - Value": "ravi@example.com", "Phone 1 - Value": "098765 43210",
                 "Organization 1 - Name": "Example Ltd", "Organization 1 - Title": "Owner", "Language": "en"},
                {"name": "Ravi Kumar", "email": "ravi@example.com", "phoneNumber": "098765 43210",
                 "companyName": "Example Ltd", "designation": "Owner"},
            ),
        ],
    ),
    make(
        "google_contacts_older", "google_contacts", GOOGLE_OLDER,
        [
            (
                {"Name": "Prof. Ana García", "Given Name": "Ana", "Family Name": "García López", "Name Prefix": "Prof.",
                 "Hobby": "Chess", "E-mail 1 - Value": "Ana@Example.com", "Notes": "one\ntwo"},
                {"name": "Prof. Ana García", "email": "Ana@Example.com", "phoneNumber": "",
                 "additionalNotes": notes("one", "two", "Hobby: Chess", "Family Name: García López")},
            ),
        ],
        encoding="utf-16", delimiter="\t",
    ),
    make(
        "google_contacts_older", "google_contacts", GOOGLE_OLDER.replace(",Language,Photo", ""),
        [
            ({"Given Name": "Mia", "Phone 1 - Value": "9.19877E+11"}, "lost_digits"),
            (
                {"Given Name": "Mia", "Birthday": "31/02/1990", "E-mail 1 - Value": "mia@example.com"},
                {"name": "Mia", "phoneNumber": "", "email": "mia@example.com",
                 "additionalNotes": "Birthday: 31/02/1990"},
            ),
            ({"Given Name": "Mia"}, "no_contact"),
        ],
    ),
    make(
        "outlook", "outlook", OUTLOOK,
        [
            (
                {"Title": "Mr", "First Name": "Karl", "Last Name": "Weiß", "Company": "Beispiel AG",
                 "Job Title": "Einkauf",
                 "Business Street": "Hauptstr. 5", "Business City": "Berlin", "Business Country/Region": "Germany",
                 "Business Fax": "+49 30 999999", "Business Phone": "030 1234567", "Mobile Phone": "+49 171 1234567",
                 "Pager": "4711", "Birthday": "0/0/00", "E-mail Address": "karl@example.com", "E-mail Type": "SMTP",
                 "E-mail Display Name": "Karl Weiß (karl@example.com)", "Gender": "Unspecified", "Initials": "K.W.",
                 "Priority": "Normal", "Private": "False", "Sensitivity": "Normal"},
                {"name": "Mr Karl Weiß", "companyName": "Beispiel AG", "designation": "Einkauf", "city": "Berlin",
                 "country": "Germany", "phoneNumber": "030 1234567", "email": "karl@example.com",
                 "additionalNotes": notes("Business Street: Hauptstr. 5", "Business Fax: +49 30 999999", "Pager: 4711",
                                          "Mobile Phone: +49 171 1234567")},
            ),
        ],
        encoding="cp1252",
    ),
    make(
        "outlook", "outlook", OUTLOOK.replace("Country/Region", "Country"),
        [
            (
                {"First Name": "Ann", "Last Name": "Lee", "Suffix": "Jr.", "Home City": "Austin",
                 "Business City": "Dallas",
                 "Home Phone": "(202) 555-0123 x12", "E-mail Address": "ann@example.com",
                 "E-mail 2 Address": "lee@example.com", "Birthday": "7/26/1990", "Referred By": "Bo"},
                {"name": "Ann Lee Jr.", "city": "Dallas", "phoneNumber": "(202) 555-0123 x12",
                 "email": "ann@example.com",
                 "dateOfBirth": "1990-07-26", "customReferralSource": "Bo",
                 "additionalNotes": notes("Home City: Austin", "E-mail 2 Address: lee@example.com")},
            ),
            (
                {"Title": "Ms", "E-mail Address": "x@example.com"},
                {"name": "x@example.com", "phoneNumber": "", "email": "x@example.com", "additionalNotes": "Title: Ms"},
            ),
        ],
    ),
    make(
        "outlook", "outlook",
        "First Name,Middle Name,Last Name,Title,Suffix,Initials,Web Page,Gender,Birthday,Notes,E-mail Address,"
        "E-mail 2 Address,Primary Phone,Home Phone,Mobile Phone,Home Fax,Pager,Business Phone,Company,Job Title",
        [
            (
                {"First Name": "Zoë", "Title": "Dr", "Mobile Phone": "'+447700900123", "Home Fax": "020 1",
                 "Web Page": "http://example.com", "E-mail Address": "mailto:zoe@example.com"},
                {"name": "Dr Zoë", "phoneNumber": "+447700900123", "email": "zoe@example.com",
                 "additionalNotes": notes("Web Page: http://example.com", "Home Fax: 020 1")},
            ),
        ],
    ),
    make(
        "linkedin", "linkedin", "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        [
            (
                {"First Name": "Priya", "Last Name": "Shah", "URL": "https://www.linkedin.com/in/example",
                 "Email Address": "priya@example.com", "Company": "Example", "Position": "CTO",
                 "Connected On": "12 Mar 2024"},
                {"name": "Priya Shah", "email": "priya@example.com", "companyName": "Example", "designation": "CTO",
                 "phoneNumber": "", "externalId": "https://www.linkedin.com/in/example",
                 "additionalNotes": notes("URL: https://www.linkedin.com/in/example", "Connected On: 12 Mar 2024")},
            ),
            ({"First Name": "Tom", "Last Name": "Ng", "Connected On": "11 Mar 2024"}, "no_contact"),
        ],
        before=("Notes:", '"When exporting your connection data, some addresses are missing."', ""),
        defaults={"leadSource": "linkedin"},
    ),
    make(
        "linkedin", "linkedin", "First Name,Last Name,Email Address,Company,Position,Connected On",
        [
            (
                {"First Name": "孝", "Last Name": "田中", "Email Address": "t@example.com",
                 "Connected On": "01 Jan 2020"},
                {"name": "孝 田中", "email": "t@example.com", "phoneNumber": "",
                 "additionalNotes": "Connected On: 01 Jan 2020"},
            ),
        ],
        before=("Notes:", "text", ""), defaults={"leadSource": "linkedin"},
    ),
    make(
        "linkedin", "linkedin", "first name,LAST NAME,url,email address,company,position,connected on",
        [
            (
                {"company": "Example", "email address": "hr@example.com"},
                {"name": "Example", "companyName": "Example", "email": "hr@example.com", "phoneNumber": ""},
            ),
        ],
        defaults={"leadSource": "linkedin"},
    ),
)  # fmt: skip
