"""HubSpot, Salesforce, Zoho, Pipedrive, Apollo and Freshsales."""

from tests.files.samples.making import make, notes

HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Last Modified Date,"
    "Lifecycle Stage,Original Source,Job Title,Company Name,City,State/Region,Postal Code,Country/Region,"
    "Marketing contact status,Associated Company IDs"
)
SALESFORCE_REPORT = (
    "Lead Owner,First Name,Last Name,Salutation,Title,Company / Account,Email,Phone,Mobile,Street,City,"
    "State/Province,Zip/Postal Code,Country,Lead Source,Lead Status,Rating,Industry,Description,Email Opt Out,"
    "Owner Alias,Lead ID"
)
SALESFORCE = (
    "Id,IsDeleted,MasterRecordId,LastName,FirstName,Salutation,Name,Title,Company,Street,City,State,PostalCode,"
    "Country,Phone,MobilePhone,Fax,Email,LeadSource,Status,Industry,Rating,OwnerId,HasOptedOutOfEmail,DoNotCall,"
    "IsConverted,CreatedDate,LastActivityDate,Jigsaw,Budget__c"
)
ZOHO = (
    "Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Salutation,Title,Email,Secondary Email,Phone,"
    "Mobile,Fax,Lead Source,Lead Status,Industry,No. of Employees,Skype ID,Email Opt Out,City,Zip Code,Country,"
    "Description,Created By,Created Time,Last Activity Time"
)
APOLLO = (
    "First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Seniority,Contact Owner,"
    "Work Direct Phone,Mobile Phone,Corporate Phone,Stage,# Employees,Industry,Keywords,City,State,Country,"
    "Company City,Technologies,Apollo Contact Id,Apollo Account Id,Secondary Email"
)

CRMS = (
    make(
        "hubspot", "hubspot", HUBSPOT,
        [
            (
                {"Record ID": "101", "First Name": "Asha", "Last Name": "Rao", "Email": "asha@example.com",
                 "Phone Number": "+91 98765 43210", "Contact owner": "Sam", "Lead Status": "OPEN_DEAL",
                 "Create Date": "2024-03-12 09:14", "Last Modified Date": "2024-03-13 10:00",
                 "Lifecycle Stage": "customer", "Original Source": "Organic Search", "Company Name": "Example",
                 "Country/Region": "India", "Associated Company IDs": "7;8"},
                {"externalId": "101", "name": "Asha Rao", "email": "asha@example.com", "phoneNumber": "+91 98765 43210",
                 "leadStatus": "qualified", "customerCategory": "existing", "leadSource": "website",
                 "customLeadSource": "Organic Search", "companyName": "Example", "country": "India",
                 "additionalNotes": notes("Contact owner: Sam", "Create Date: 2024-03-12 09:14")},
            ),
            (
                {"Record ID": "1", "First Name": "Brian", "Last Name": "Halligan (Sample Contact)",
                 "Email": "bh@hubspot.com"},
                "test_lead",
            ),
        ],
        encoding="utf-8-sig",
    ),
    make(
        "hubspot", "hubspot",
        "Record ID,First Name,Last Name,Email address,Mobile Phone Number,Contact owner,Lead Status,Favourite colour,"
        "Unsubscribed from all email",
        [
            (
                {"Record ID": "102", "Last Name": "Solo", "Email address": "solo@example.com",
                 "Lead Status": "BAD_TIMING",
                 "Favourite colour": "blue", "Unsubscribed from all email": "true"},
                {"externalId": "102", "name": "Solo", "email": "solo@example.com", "phoneNumber": "",
                 "additionalNotes": notes("Lead Status: BAD_TIMING", "Favourite colour: blue",
                                          "Unsubscribed from all email: true")},
            ),
        ],
    ),
    make(
        "hubspot", "hubspot", "Record ID,Email,Associated Company,Lead Status,Last Activity Date",
        [
            (
                {"Record ID": "103", "Email": "x@example.com", "Associated Company": "Example",
                 "Lead Status": "IN_PROGRESS",
                 "Last Activity Date": "2024-03-12 09:14"},
                {"externalId": "103", "name": "Example", "companyName": "Example", "email": "x@example.com",
                 "phoneNumber": "", "leadStatus": "followup", "lastContactedDate": "2024-03-12"},
            ),
        ],
    ),
    make(
        "salesforce_report", "salesforce", SALESFORCE_REPORT,
        [
            (
                {"Lead Owner": "Sam", "First Name": "Asha", "Last Name": "Rao", "Salutation": "Ms.", "Title": "CEO",
                 "Company / Account": "Example", "Email": "asha@example.com", "Phone": "(202) 555-0123",
                 "Mobile": "(202) 555-0124", "Country": "USA", "Lead Source": "Partner Referral",
                 "Lead Status": "Open - Not Contacted", "Industry": "Banking", "Email Opt Out": "0",
                 "Owner Alias": "sam",
                 "Lead ID": "00Q000000000001"},
                {"externalId": "00Q000000000001", "name": "Ms. Asha Rao", "designation": "CEO",
                 "companyName": "Example",
                 "email": "asha@example.com", "phoneNumber": "(202) 555-0123", "country": "USA",
                 "leadSource": "referral",
                 "customReferralSource": "Partner Referral", "leadStatus": "new", "sector": "Banking",
                 "additionalNotes": notes("Lead Owner: Sam", "Email Opt Out: 0", "Mobile: (202) 555-0124")},
            ),
        ],
        after=('"Lead report"', '"Confidential Information - Do Not Distribute"'),
    ),
    make(
        "salesforce_report", "salesforce", SALESFORCE_REPORT,
        [
            (
                {"Lead Owner": "Sam", "Last Name": "Rao, Asha", "Email": "asha@example.com",
                 "Lead Source": "Purchased List",
                 "Lead Status": "Closed - Not Converted", "Rating": "Warm", "Email Opt Out": "1"},
                {"name": "Rao, Asha", "email": "asha@example.com", "phoneNumber": "", "leadSource": "other",
                 "customLeadSource": "Purchased List", "leadStatus": "lost",
                 "additionalNotes": notes("Lead Owner: Sam", "Rating: Warm", "Email Opt Out: 1")},
            ),
        ],
        encoding="cp1252",
    ),
    make(
        "salesforce_report", "salesforce", "Lead Owner,Last Name,Company / Account,Phone,Lead Status,Last Activity",
        [
            (
                {"Lead Owner": "Sam", "Company / Account": "Example", "Phone": "0091 98765 43210",
                 "Lead Status": "Working - Contacted", "Last Activity": "7/26/2024"},
                {"name": "Example", "companyName": "Example", "phoneNumber": "+91 98765 43210",
                 "leadStatus": "followup",
                 "lastContactedDate": "2024-07-26", "additionalNotes": "Lead Owner: Sam"},
            ),
        ],
        delimiter=";",
    ),
    make(
        "salesforce", "salesforce", SALESFORCE,
        [
            (
                {"Id": "00Q1", "IsDeleted": "false", "LastName": "Rao", "FirstName": "Asha", "Name": "Asha Rao",
                 "Title": "CEO", "Company": "Example", "Phone": "+1 202 555 0123", "Fax": "+1 202 555 0199",
                 "Email": "asha@example.com", "LeadSource": "Web", "Status": "Closed - Converted", "OwnerId": "0051",
                 "HasOptedOutOfEmail": "false", "DoNotCall": "true", "IsConverted": "true",
                 "CreatedDate": "2024-03-12T09:14:00.000Z", "LastActivityDate": "2024-03-13", "Budget__c": "500"},
                {"externalId": "00Q1", "name": "Asha Rao", "designation": "CEO", "companyName": "Example",
                 "phoneNumber": "+1 202 555 0123", "email": "asha@example.com", "leadSource": "website",
                 "leadStatus": "converted", "lastContactedDate": "2024-03-13",
                 "additionalNotes": notes("Fax: +1 202 555 0199", "HasOptedOutOfEmail: false", "DoNotCall: true",
                                          "IsConverted: true", "CreatedDate: 2024-03-12T09:14:00.000Z",
                                          "Budget__c: 500")},
            ),
            ({"Id": "00Q2", "IsDeleted": "true", "LastName": "Gone", "Email": "gone@example.com"}, "deleted"),
        ],
    ),
    make(
        "salesforce", "salesforce", "ID,LASTNAME,FIRSTNAME,COMPANY,EMAIL,LEADSOURCE,STATUS,OWNERID",
        [
            (
                {"ID": "00Q3", "LASTNAME": "Null", "COMPANY": "null", "EMAIL": "null@example.com",
                 "LEADSOURCE": "Other"},
                {"externalId": "00Q3", "name": "Null", "email": "null@example.com", "phoneNumber": "",
                 "leadSource": "other", "customLeadSource": "Other"},
            ),
        ],
    ),
    make(
        "salesforce", "salesforce", "Id,MasterRecordId,LastName,MobilePhone,Country",
        [
            (
                {"Id": "00Q4", "LastName": "Müller", "MobilePhone": "0171 1234567", "Country": "Deutschland"},
                {"externalId": "00Q4", "name": "Müller", "phoneNumber": "0171 1234567", "country": "Deutschland"},
            ),
        ],
    ),
    make(
        "zoho", "zoho", ZOHO,
        [
            (
                {"Record Id": "zcrm_1", "Lead Owner.id": "zcrm_9", "Lead Owner": "Sam", "Company": "Example",
                 "First Name": "Asha", "Last Name": "Rao", "Salutation": "Ms.", "Title": "CEO",
                 "Email": "asha@example.com", "Secondary Email": "rao@example.com", "Phone": "020 12345678",
                 "Mobile": "98765 43210", "Fax": "1", "Lead Source": "Employee Referral",
                 "Lead Status": "Attempted to Contact", "No. of Employees": "12", "Email Opt Out": "true",
                 "Created By": "Sam", "Created Time": "03/12/2024 09:14", "Last Activity Time": "03/12/2024 09:14"},
                {"externalId": "zcrm_1", "name": "Ms. Asha Rao", "companyName": "Example", "designation": "CEO",
                 "email": "asha@example.com", "phoneNumber": "020 12345678", "leadSource": "referral",
                 "customReferralSource": "Employee Referral", "leadStatus": "followup", "leadCreatedBy": "Sam",
                 "lastContactedDate": "2024-03-12",
                 "additionalNotes": notes("Lead Owner: Sam", "Fax: 1", "No. of Employees: 12", "Email Opt Out: true",
                                          "Created Time: 03/12/2024 09:14", "Mobile: 98765 43210",
                                          "Secondary Email: rao@example.com")},
            ),
        ],
    ),
    make(
        "zoho", "zoho", ZOHO,
        [
            (
                {"Record Id": "zcrm_2", "Last Name": "Lee", "Email": "lee@example.com", "Lead Source": "Trade Show",
                 "Lead Status": "Junk Lead", "Last Activity Time": "2024-03-12T09:14:00+05:30"},
                {"externalId": "zcrm_2", "name": "Lee", "email": "lee@example.com", "phoneNumber": "",
                 "leadSource": "other", "customLeadSource": "Trade Show", "leadStatus": "lost",
                 "lastContactedDate": "2024-03-12"},
            ),
        ],
        delimiter="|",
    ),
    make(
        "zoho", "zoho", "Lead Owner,Full Name,Email,Unsubscribed Mode,Unsubscribed Time",
        [
            (
                {"Lead Owner": "Sam", "Full Name": "Bo", "Email": "bo@example.com", "Unsubscribed Mode": "Manual"},
                {"name": "Bo", "email": "bo@example.com", "phoneNumber": "",
                 "additionalNotes": notes("Lead Owner: Sam", "Unsubscribed Mode: Manual")},
            ),
        ],
    ),
    make(
        "pipedrive", "pipedrive",
        "Person - Name,Person - First name,Person - Last name,Person - Email - Work,Person - Email - Home,"
        "Person - Phone - Work,Person - Organization,Person - Job title,Person - Owner,Person - Label,Person - ID,"
        "Person - Open deals,Person - Marketing status",
        [
            (
                {"Person - Name": "Asha Rao", "Person - First name": "Asha", "Person - Last name": "Rao",
                 "Person - Email - Work": "asha@example.com", "Person - Email - Home": "rao@example.com",
                 "Person - Phone - Work": "+91 98765 43210", "Person - Organization": "Example",
                 "Person - Owner": "Sam", "Person - ID": "7", "Person - Open deals": "2",
                 "Person - Marketing status": "unsubscribed"},
                {"externalId": "7", "name": "Asha Rao", "email": "asha@example.com", "phoneNumber": "+91 98765 43210",
                 "companyName": "Example",
                 "additionalNotes": notes("Person - Owner: Sam", "Person - Open deals: 2",
                                          "Person - Marketing status: unsubscribed",
                                          "Person - Email - Home: rao@example.com")},
            ),
        ],
    ),
    make(
        "pipedrive", "pipedrive", "Personne - Nom,Personne - E-mail,Personne - Téléphone,Personne - Organisation,"
                                  "Personne - ID",
        [
            (
                {"Personne - Nom": "Élodie Petit", "Personne - E-mail": "elodie@example.com",
                 "Personne - Téléphone": "04 50 11 22 33", "Personne - Organisation": "Exemple", "Personne - ID": "8"},
                {"externalId": "8", "name": "Élodie Petit", "email": "elodie@example.com",
                 "phoneNumber": "04 50 11 22 33",
                 "companyName": "Exemple"},
            ),
        ],
        delimiter=";",
    ),
    make(
        "pipedrive", "pipedrive_deals",
        "Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Contact person,Deal - Organization,Deal - ID,"
        "Person - Email,Person - Phone,Person - ID",
        [
            (
                {"Deal - Title": "100 chairs", "Deal - Value": "500", "Deal - Stage": "Demo", "Deal - Status": "won",
                 "Deal - Contact person": "Bo", "Deal - ID": "3", "Person - Phone": "+1 202 555 0123",
                 "Person - ID": "9"},
                {"externalId": "3", "customerInterestedIn": "100 chairs", "leadStatus": "converted", "name": "Bo",
                 "phoneNumber": "+1 202 555 0123",
                 "additionalNotes": notes("Deal - Value: 500", "Deal - Stage: Demo")},
            ),
        ],
    ),
    make(
        "pipedrive", "pipedrive_organizations",
        "Organization - Name,Organization - Owner,Organization - ID,Organization - City/town of Company Address,"
        "Organization - Phone",
        [
            (
                {"Organization - Name": "Example", "Organization - Owner": "Sam", "Organization - ID": "4",
                 "Organization - City/town of Company Address": "Pune", "Organization - Phone": "+91 20 1234 5678"},
                {"externalId": "4", "name": "Example", "companyName": "Example", "city": "Pune",
                 "phoneNumber": "+91 20 1234 5678", "additionalNotes": "Organization - Owner: Sam"},
            ),
        ],
    ),
    make(
        "apollo", "apollo", APOLLO,
        [
            (
                {"First Name": "Asha", "Last Name": "Rao", "Title": "VP Sales", "Company": "Example Inc",
                 "Company Name for Emails": "Example", "Email": "asha@example.com", "Email Status": "Verified",
                 "Work Direct Phone": "'+1 202-555-0123", "Mobile Phone": "'+1 202-555-0124", "Stage": "Replied",
                 "# Employees": "50", "Industry": "retail", "Keywords": "a, b", "City": "Austin", "Technologies": "x",
                 "Apollo Contact Id": "65f", "Apollo Account Id": "66f"},
                {"externalId": "65f", "name": "Asha Rao", "designation": "VP Sales", "companyName": "Example Inc",
                 "email": "asha@example.com", "phoneNumber": "+1 202-555-0123", "leadStatus": "followup",
                 "sector": "retail", "city": "Austin",
                 "additionalNotes": notes("# Employees: 50", "Mobile Phone: +1 202-555-0124")},
            ),
        ],
    ),
    make(
        "apollo", "apollo", APOLLO.replace("Company,Company Name for", "Company Name,Company Name for"),
        [
            (
                {"First Name": "Bo", "Company Name": "Example", "Email": "bo@example.com", "Stage": "Do Not Contact",
                 "Company City": "Reno"},
                {"name": "Bo", "companyName": "Example", "email": "bo@example.com", "phoneNumber": "",
                 "additionalNotes": notes("Stage: Do Not Contact", "Company City: Reno")},
            ),
        ],
    ),
    make(
        "apollo", "apollo",
        "Company Name,Company Name for Emails,# Employees,Industry,Website,Company Country,Apollo Record Id,"
        "Founded Year",
        [({"Company Name": "Example", "Website": "https://example.com", "Apollo Record Id": "a"}, "no_contact")],
    ),
    make(
        "freshsales", "freshsales",
        "Id,First name,Last name,Job title,Emails,Work,Mobile,Sales owner,Status,Lifecycle stage,Source,Tags,"
        "Last contacted time",
        [
            (
                {"Id": "70001", "First name": "Asha", "Last name": "Rao", "Emails": "asha@example.com;rao@example.com",
                 "Mobile": "98765 43210", "Sales owner": "sam@example.com", "Status": "Contacted",
                 "Lifecycle stage": "Sales Qualified Lead", "Source": "Web Form", "Tags": "a;b",
                 "Last contacted time": "2024-03-12T09:14:00+05:30"},
                {"externalId": "70001", "name": "Asha Rao", "email": "asha@example.com", "phoneNumber": "98765 43210",
                 "leadStatus": "followup", "customerCategory": "potential", "leadSource": "website",
                 "lastContactedDate": "2024-03-12",
                 "additionalNotes": notes("Sales owner: sam@example.com", "Tags: a;b", "Emails: rao@example.com")},
            ),
        ],
    ),
    make(
        "freshsales", "freshsales", "Last name,Email,Sales owner,Lead stage",
        [
            (
                {"Last name": "Lee", "Email": "lee@example.com", "Lead stage": "Unqualified"},
                {"name": "Lee", "email": "lee@example.com", "phoneNumber": "", "leadStatus": "lost"},
            ),
        ],
    ),
    make(
        "freshsales", "freshsales", "First name,Last name,Work,Sales owner,Last assigned at,Time zone",
        [
            (
                {"First name": "Bo", "Work": "+44 7700 900123", "Time zone": "London"},
                {"name": "Bo", "phoneNumber": "+44 7700 900123"},
            ),
        ],
    ),
)  # fmt: skip
