"""Address books, and the lists of people of networks and newsletters."""

from leadconnect.recognition.models import IGNORED, NOTES, DateOrder
from leadconnect.recognition.vocabulary.system import System

GOOGLE_CONTACTS = System(
    name="google_contacts",
    title="Google Contacts",
    signatures=(("File As", "E-mail 1 - Label"), ("File As", "Phone 1 - Label"), ("Phonetic First Name", "Labels")),
    columns={
        "namePrefix": ("Name Prefix",),
        "firstName": ("First Name",),
        "middleName": ("Middle Name",),
        "lastName": ("Last Name",),
        "nameSuffix": ("Name Suffix",),
        "companyName": ("Organization Name",),
        "designation": ("Organization Title",),
        "dateOfBirth": ("Birthday",),
        "additionalNotes": ("Notes",),
        "email": ("E-mail 1 - Value",),
        "phoneNumber": ("Phone 1 - Value",),
        "city": ("Address 1 - City",),
        "state": ("Address 1 - Region",),
        "pincode": ("Address 1 - Postal Code",),
        "country": ("Address 1 - Country",),
        NOTES: (
            "Phonetic First Name", "Phonetic Middle Name", "Phonetic Last Name", "Nickname", "File As",
            "Organization Department", "Labels", "Address 1 - Formatted", "Address 1 - Street", "Address 1 - PO Box",
            "Address 1 - Extended Address", "Website 1 - Value", "Event 1 - Label", "Event 1 - Value",
            "Relation 1 - Label", "Relation 1 - Value", "Custom Field 1 - Label", "Custom Field 1 - Value",
        ),
        IGNORED: ("Photo", "E-mail 1 - Label", "Phone 1 - Label", "Address 1 - Label", "Website 1 - Label"),
    },
    blanks=("* myContacts",),
)  # fmt: skip

GOOGLE_CONTACTS_OLDER = System(
    name="google_contacts",
    title="Google Contacts (older)",
    signatures=(("Yomi Name", "Group Membership"), ("Given Name Yomi", "E-mail 1 - Type")),
    columns={
        "name": ("Name",),
        "namePrefix": ("Name Prefix",),
        "firstName": ("Given Name",),
        "middleName": ("Additional Name",),
        "lastName": ("Family Name",),
        "nameSuffix": ("Name Suffix",),
        "companyName": ("Organization 1 - Name",),
        "designation": ("Organization 1 - Title",),
        "dateOfBirth": ("Birthday",),
        "additionalNotes": ("Notes",),
        "email": ("E-mail 1 - Value",),
        "phoneNumber": ("Phone 1 - Value",),
        "city": ("Address 1 - City",),
        "state": ("Address 1 - Region",),
        "pincode": ("Address 1 - Postal Code",),
        "country": ("Address 1 - Country",),
        NOTES: (
            "Yomi Name", "Given Name Yomi", "Additional Name Yomi", "Family Name Yomi", "Nickname", "Short Name",
            "Maiden Name", "Location", "Billing Information", "Mileage", "Occupation", "Hobby", "Subject",
            "Group Membership", "IM 1 - Service", "IM 1 - Value", "Address 1 - Formatted", "Address 1 - Street",
            "Address 1 - PO Box", "Address 1 - Extended Address", "Organization 1 - Yomi Name",
            "Organization 1 - Department", "Organization 1 - Location", "Organization 1 - Job Description",
            "Website 1 - Value", "Event 1 - Type", "Event 1 - Value", "Custom Field 1 - Type",
            "Custom Field 1 - Value",
        ),
        IGNORED: (
            "Initials", "Gender", "Directory Server", "Sensitivity", "Priority", "Language", "Photo",
            "E-mail 1 - Type",
            "IM 1 - Type", "Phone 1 - Type", "Address 1 - Type", "Organization 1 - Type", "Organization 1 - Symbol",
            "Website 1 - Type",
        ),
    },
    blanks=("* myContacts",),
)  # fmt: skip

OUTLOOK = System(
    name="outlook",
    title="Outlook",
    signatures=(
        ("E-mail Display Name", "Business Phone"), ("E-mail 2 Address", "Business Phone"),
        ("Business Phone", "Home Fax", "Pager"),
    ),
    columns={
        "namePrefix": ("Title",),
        "firstName": ("First Name",),
        "middleName": ("Middle Name",),
        "lastName": ("Last Name",),
        "nameSuffix": ("Suffix",),
        "companyName": ("Company",),
        "designation": ("Job Title",),
        "city": ("Business City", "Home City", "Other City"),
        "state": ("Business State", "Home State", "Other State"),
        "pincode": ("Business Postal Code", "Home Postal Code", "Other Postal Code"),
        "country": (
            "Business Country/Region", "Business Country", "Home Country/Region", "Home Country",
            "Other Country/Region",
            "Other Country",
        ),
        "phoneNumber": (
            "Business Phone", "Business Phone 2", "Home Phone", "Home Phone 2", "Mobile Phone", "Other Phone",
            "Primary Phone", "Company Main Phone", "Car Phone", "Radio Phone",
        ),
        "email": ("E-mail Address", "E-mail 2 Address"),
        "dateOfBirth": ("Birthday",),
        "additionalNotes": ("Notes",),
        "customReferralSource": ("Referred By",),
        NOTES: (
            "Department", "Business Street", "Business Street 2", "Business Address PO Box", "Home Street",
            "Home Street 2", "Home Address PO Box", "Other Street", "Other Street 2", "Other Address PO Box",
            "Assistant's Phone", "Assistant's Name", "Business Fax", "Home Fax", "Other Fax", "Callback", "ISDN",
            "Pager", "TTY/TDD Phone", "Telex", "Account", "Anniversary", "Billing Information", "Categories",
            "Children", "Hobby", "Keywords", "Location", "Manager's Name", "Mileage", "Office Location", "Profession",
            "Spouse", "User 1", "Web Page",
        ),
        IGNORED: (
            "E-mail Type", "E-mail Display Name", "E-mail 2 Type", "E-mail 2 Display Name", "Directory Server",
            "Gender",
            "Government ID Number", "Initials", "Internet Free Busy", "Language", "Organizational ID Number",
            "Priority", "Private", "Sensitivity",
        ),
    },
    blanks=("0/0/00",),
)  # fmt: skip

LINKEDIN = System(
    name="linkedin",
    title="LinkedIn Connections",
    signatures=(("Connected On", "Position"),),
    columns={
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "email": ("Email Address",),
        "companyName": ("Company",),
        "designation": ("Position",),
        NOTES: ("URL", "Connected On"),
    },
    source="linkedin",
)

MAILCHIMP = System(
    name="mailchimp",
    title="Mailchimp",
    signatures=(("MEMBER_RATING",), ("LEID", "EUID")),
    columns={
        "email": ("Email Address",),
        "firstName": ("First Name",),
        "lastName": ("Last Name",),
        "phoneNumber": ("Phone Number",),
        "dateOfBirth": ("Birthday",),
        "country": ("CC",),
        "state": ("REGION",),
        "additionalNotes": ("NOTES",),
        "externalId": ("EUID",),
        NOTES: ("Address", "TAGS", "OPTIN_TIME", "CONFIRM_TIME"),
        IGNORED: (
            "MEMBER_RATING", "OPTIN_IP", "CONFIRM_IP", "LATITUDE", "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE",
            "LAST_CHANGED", "LEID",
        ),
    },
    date_order=DateOrder.MONTH_FIRST,
)  # fmt: skip

SUBSTACK = System(
    name="substack",
    title="Substack",
    signatures=(("Subscription type", "Subscription status"), ("Active Subscription", "Email disabled")),
    columns={
        "email": ("Email",),
        "name": ("Name",),
        NOTES: (
            "Subscription type", "Subscription status", "Active Subscription", "Email disabled", "Expiry", "Created at",
        ),
    },
)  # fmt: skip

GHOST = System(
    name="ghost",
    title="Ghost",
    signatures=(("subscribed_to_emails", "stripe_customer_id"), ("subscribed_to_emails", "complimentary_plan")),
    columns={
        "externalId": ("id",),
        "email": ("email",),
        "name": ("name",),
        "additionalNotes": ("note",),
        NOTES: ("subscribed_to_emails", "complimentary_plan", "labels", "tiers", "created_at"),
        IGNORED: ("stripe_customer_id", "deleted_at"),
    },
)

CONSTANT_CONTACT = System(
    name="constant_contact",
    title="Constant Contact",
    signatures=(("Email address", "First name", "Email status"), ("Email address", "Email permission status")),
    columns={
        "email": ("Email address",),
        "firstName": ("First name",),
        "lastName": ("Last name",),
        "companyName": ("Company",),
        "designation": ("Job title",),
        "phoneNumber": ("Phone", "Phone - home", "Phone - work", "Phone - mobile", "Phone - other"),
        "city": ("City - Home", "City - Work"),
        "state": ("State/Province - Home", "State/Province - Work"),
        "pincode": ("Zip/Postal Code - Home", "Zip/Postal Code - Work"),
        "country": ("Country - Home", "Country - Work"),
        NOTES: ("Email status", "Email permission status", "Email lists", "Tags", "Street address line 1 - Home"),
        IGNORED: ("Email update source", "Source Name", "Created At", "Updated At"),
    },
    date_order=DateOrder.MONTH_FIRST,
)

ADDRESS_BOOKS = (
    GOOGLE_CONTACTS, GOOGLE_CONTACTS_OLDER, OUTLOOK, LINKEDIN, MAILCHIMP, SUBSTACK, GHOST, CONSTANT_CONTACT,
)  # fmt: skip
