"""Systems for customer relationships."""

from leadconnect.recognition.models import IGNORED, NOTES, DateOrder
from leadconnect.recognition.vocabulary.system import System

HUBSPOT = System(
    name="hubspot",
    title="HubSpot",
    signatures=(
        ("Record ID", "Lifecycle Stage"), ("Record ID", "Contact owner"), ("Record ID", "Associated Company"),
        ("Record ID - Contact",),
    ),
    columns={
        "externalId": ("Record ID", "Record ID - Contact"),
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "email": ("Email", "Email address", "Work email"),
        "phoneNumber": ("Phone Number", "Mobile Phone Number"),
        "leadStatus": ("Lead Status",),
        "leadSource": ("Original Source", "Original Traffic Source"),
        "customerCategory": ("Lifecycle Stage",),
        "designation": ("Job Title",),
        "companyName": ("Company Name", "Associated Company", "Primary Associated Company", "Primary company"),
        "city": ("City",),
        "state": ("State/Region",),
        "pincode": ("Postal Code", "Zip code"),
        "country": ("Country/Region",),
        "lastContactedDate": ("Last Contacted", "Last Activity Date"),
        NOTES: (
            "Contact owner", "Create Date", "Website URL", "Marketing contact status", "Associated Deal",
            "Street Address", "Fax Number",
        ),
        IGNORED: (
            "Last Modified Date", "Associated Company IDs", "Associated Deal IDs", "Associated Contact IDs",
            "Associated Contact", "Associated Company IDs (Primary)", "HubSpot Score", "IP Country", "IP City",
            "Number of Pageviews", "Number of Sessions",
        ),
    },
)  # fmt: skip

SALESFORCE_REPORT = System(
    name="salesforce",
    title="Salesforce report",
    source_name="Salesforce",
    signatures=(
        ("Lead Owner", "Company / Account"), ("Lead Owner", "Owner Alias"), ("Lead Owner", "Zip/Postal Code", "Rating"),
    ),
    columns={
        "externalId": ("Lead ID",),
        "namePrefix": ("Salutation",),
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "designation": ("Title",),
        "companyName": ("Company / Account",),
        "email": ("Email",),
        "phoneNumber": ("Phone", "Mobile"),
        "city": ("City",),
        "state": ("State/Province",),
        "pincode": ("Zip/Postal Code",),
        "country": ("Country",),
        "leadSource": ("Lead Source",),
        "leadStatus": ("Lead Status",),
        "sector": ("Industry",),
        "additionalNotes": ("Description",),
        "lastContactedDate": ("Last Activity",),
        NOTES: (
            "Lead Owner", "Street", "Rating", "Annual Revenue", "No. of Employees", "Website", "Create Date",
            "Converted", "Fax", "Lead Division",
        ),
        IGNORED: ("Owner Alias", "Last Modified", "Unread By Owner", "Currency ISO Code"),
    },
)  # fmt: skip

SALESFORCE = System(
    name="salesforce",
    title="Salesforce Data Loader",
    signatures=(("LeadSource", "OwnerId"), ("MasterRecordId", "LastName"), ("IsConverted", "OwnerId")),
    columns={
        "externalId": ("Id",),
        "namePrefix": ("Salutation",),
        "firstName": ("FirstName",),
        "middleName": ("MiddleName",),
        "lastName": ("LastName",),
        "nameSuffix": ("Suffix",),
        "name": ("Name",),
        "designation": ("Title",),
        "companyName": ("Company",),
        "city": ("City",),
        "state": ("State",),
        "pincode": ("PostalCode",),
        "country": ("Country",),
        "phoneNumber": ("Phone", "MobilePhone"),
        "email": ("Email",),
        "additionalNotes": ("Description",),
        "leadSource": ("LeadSource",),
        "leadStatus": ("Status",),
        "sector": ("Industry",),
        "lastContactedDate": ("LastActivityDate",),
        NOTES: ("Street", "Fax", "Website", "Rating", "AnnualRevenue", "NumberOfEmployees", "CreatedDate",
                "EmailBouncedReason", "EmailBouncedDate", "ConvertedDate", "IsConverted"),
        IGNORED: (
            "IsDeleted", "MasterRecordId", "Latitude", "Longitude", "GeocodeAccuracy", "PhotoUrl", "OwnerId",
            "ConvertedAccountId", "ConvertedContactId", "ConvertedOpportunityId", "IsUnreadByOwner", "CreatedById",
            "LastModifiedDate", "LastModifiedById", "SystemModstamp", "LastViewedDate", "LastReferencedDate",
            "Jigsaw",
            "JigsawContactId", "CleanStatus", "CompanyDunsNumber", "IndividualId",
        ),
    },
)  # fmt: skip

ZOHO = System(
    name="zoho",
    title="Zoho CRM",
    signatures=(("Lead Owner", "No. of Employees", "Skype ID"), ("Lead Owner.id", "Lead Owner"),
                ("Lead Owner", "Unsubscribed Mode"), ("Record Id", "Lead Owner", "Secondary Email")),
    columns={
        "externalId": ("Record Id", "Lead Id"),
        "namePrefix": ("Salutation",),
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "name": ("Full Name", "Lead Name"),
        "companyName": ("Company",),
        "designation": ("Title",),
        "email": ("Email", "Secondary Email"),
        "phoneNumber": ("Phone", "Mobile"),
        "leadSource": ("Lead Source",),
        "leadStatus": ("Lead Status",),
        "sector": ("Industry",),
        "city": ("City",),
        "state": ("State",),
        "pincode": ("Zip Code",),
        "country": ("Country",),
        "additionalNotes": ("Description",),
        "leadCreatedBy": ("Created By",),
        "lastContactedDate": ("Last Activity Time",),
        NOTES: ("Lead Owner", "Fax", "Website", "No. of Employees", "Annual Revenue", "Rating", "Skype ID", "Twitter",
                "Street", "Tag", "Created Time", "Converted Date Time"),
        IGNORED: (
            "Lead Owner.id", "Created By.id", "Modified By", "Modified By.id", "Modified Time",
            "Lead Conversion Time",
            "Lead Image", "Locked", "Layout", "Layout.id",
        ),
    },
    date_order=DateOrder.MONTH_FIRST,
)  # fmt: skip

APOLLO = System(
    name="apollo",
    title="Apollo",
    signatures=(("Company Name for Emails",),),
    columns={
        "externalId": ("Apollo Contact Id", "Apollo Record Id"),
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "designation": ("Title",),
        "companyName": ("Company", "Company Name"),
        "email": ("Email", "Secondary Email", "Tertiary Email"),
        "phoneNumber": ("Work Direct Phone", "Home Phone", "Mobile Phone", "Corporate Phone", "Other Phone",
                        "Company Phone"),
        "leadStatus": ("Stage",),
        "sector": ("Industry",),
        "city": ("City",),
        "state": ("State",),
        "country": ("Country",),
        "lastContactedDate": ("Last Contacted",),
        NOTES: (
            "Seniority", "Departments", "Contact Owner", "Account Owner", "Lists", "# Employees",
            "Person Linkedin Url",
            "Website", "Company Address", "Company City", "Company State", "Company Country", "Annual Revenue",
            "Email Bounced", "Replied", "Demoed", "Short Description", "Subsidiary of",
        ),
        IGNORED: (
            "Company Name for Emails", "Email Status", "Primary Email Source", "Email Confidence",
            "Primary Email Catch-all Status", "Primary Email Last Verified At", "Keywords", "Company Linkedin Url",
            "Facebook Url", "Twitter Url", "Technologies", "Total Funding", "Latest Funding", "Latest Funding Amount",
            "Last Raised At", "Email Sent", "Email Open", "Number of Retail Locations", "Apollo Account Id",
            "Secondary Email Source", "Secondary Email Status", "Tertiary Email Source", "Tertiary Email Status",
            "Primary Email Verification Source", "Founded Year",
        ),
    },
)  # fmt: skip

FRESHSALES = System(
    name="freshsales",
    title="Freshsales",
    signatures=(("Sales owner", "Last name"), ("Sales owner", "Last assigned at")),
    columns={
        "externalId": ("External ID", "Id"),
        "firstName": ("First name",),
        "lastName": ("Last name",),
        "designation": ("Job title",),
        "email": ("Email", "Emails"),
        "phoneNumber": ("Work", "Mobile", "Work number", "Mobile number", "Other phone numbers"),
        "companyName": ("Company", "Account", "Accounts", "Sales account"),
        "leadStatus": ("Status", "Lead stage", "Contact status"),
        "customerCategory": ("Lifecycle stage",),
        "leadSource": ("Source", "Lead source"),
        "city": ("City",),
        "state": ("State",),
        "country": ("Country",),
        "pincode": ("Zipcode",),
        "lastContactedDate": ("Last contacted time", "Last contacted"),
        NOTES: ("Sales owner", "Tags", "Lost reason", "Subscription status", "Subscription types", "Unqualified reason",
                "Address", "Territory", "Medium", "Keyword", "Created at"),
        IGNORED: ("Last assigned at", "Last seen", "Score", "Updated at", "Time zone", "Work status"),
    },
)  # fmt: skip

PIPEDRIVE_ENTITIES: dict[str, tuple[str, ...]] = {
    "person": ("Person", "Personne", "Persona", "Pessoa", "Kontakt"),
    "organization": ("Organization", "Organisation", "Organización", "Organização"),
    "lead": ("Lead", "Prospect", "Prospecto"),
    "deal": ("Deal", "Affaire", "Trato", "Negócio"),
}
"""What Pipedrive writes, with `` - `` behind it, before the headers of a table; in the language of the user."""

PIPEDRIVE_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("Person - Name", "Deal - Contact person", "Lead - Contact person", "Deal - Person", "Lead - Person"),
    "companyName": ("Organization - Name", "Person - Organization", "Deal - Organization", "Lead - Organization"),
    "customerInterestedIn": ("Deal - Title", "Lead - Title"),
    "leadStatus": ("Deal - Status", "Lead - Status"),
    "leadSource": ("Lead - Source", "Deal - Source", "Lead - Source origin", "Deal - Source channel"),
    "designation": ("Person - Job title", "Person - Title"),
    "phoneNumber": ("Person - Phone", "Person - Phone - Work", "Person - Phone - Home", "Person - Phone - Mobile",
                    "Person - Phone - Other", "Organization - Phone"),
    "email": ("Person - Email", "Person - Email - Work", "Person - Email - Home", "Person - Email - Other"),
    "lastContactedDate": ("Person - Last activity date", "Organization - Last activity date",
                          "Deal - Last activity date", "Lead - Last activity date"),
    "nextFollowupDate": ("Person - Next activity date", "Organization - Next activity date",
                         "Deal - Next activity date",
                         "Lead - Next activity"),
    NOTES: ("Organization - People", "Deal - Stage", "Deal - Lost reason", "Deal - Value", "Person - Label",
            "Person - Marketing status", "Person - Double opt-in"),
}  # fmt: skip
"""As in `System.columns`, the words before `` - `` in English; the rest is left to the aliases."""

CRMS = (HUBSPOT, SALESFORCE_REPORT, SALESFORCE, ZOHO, APOLLO, FRESHSALES)
