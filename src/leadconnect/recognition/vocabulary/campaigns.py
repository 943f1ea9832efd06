"""Advertisements with forms, marketplaces, and our own files."""

from leadconnect.exports.columns import COLUMNS
from leadconnect.leads.models import LeadOwner
from leadconnect.recognition.models import IGNORED, NOTES
from leadconnect.recognition.vocabulary.system import System

META = System(
    name="meta_lead_ads",
    title="Meta lead ads",
    signatures=(("adset_name", "is_organic"), ("adset_id", "is_organic"), ("form_id", "field_data"),
                ("adset_id", "form_id", "created_time"), ("form_name", "is_organic")),
    columns={
        "externalId": ("id", "leadgen_id"),
        "name": ("full_name",),
        "firstName": ("first_name",),
        "lastName": ("last_name",),
        "phoneNumber": ("phone_number", "whatsapp_number", "work_phone_number"),
        "email": ("email", "work_email"),
        "companyName": ("company_name",),
        "designation": ("job_title",),
        "dateOfBirth": ("date_of_birth",),
        "city": ("city",),
        "state": ("state", "province"),
        "pincode": ("zip_code", "post_code"),
        "country": ("country",),
        "leadSource": ("platform",),
        "leadStatus": ("lead_status",),
        NOTES: ("created_time", "ad_name", "adset_name", "campaign_name", "form_name", "street_address", "field_data"),
        IGNORED: (
            "ad_id", "adset_id", "campaign_id", "form_id", "is_organic", "inbox_url", "page_id", "adgroup_id",
            "custom_disclaimer_responses", "home_listing", "partner_name", "retailer_item_id", "vehicle",
        ),
    },
    source="facebook",
)  # fmt: skip

GOOGLE_ADS = System(
    name="google_ads",
    title="Google Ads lead form",
    signatures=(("lead_id", "user_column_data"), ("google_key", "gcl_id"), ("gcl_id", "lead_id"), ("Lead ID", "GCLID"),
                ("Google Click ID", "Lead Form Name"), ("Lead Form Name", "User Email")),
    columns={
        "externalId": ("lead_id",),
        "name": ("FULL_NAME", "User Name"),
        "firstName": ("FIRST_NAME",),
        "lastName": ("LAST_NAME",),
        "email": ("EMAIL", "WORK_EMAIL", "User Email"),
        "phoneNumber": ("PHONE_NUMBER", "WORK_PHONE", "User Phone"),
        "companyName": ("COMPANY_NAME",),
        "designation": ("JOB_TITLE",),
        "city": ("CITY",),
        "state": ("REGION",),
        "pincode": ("POSTAL_CODE",),
        "country": ("COUNTRY",),
        NOTES: ("Campaign Name", "Ad Group Name", "Lead Form Name", "Date Submitted", "lead_submit_time",
                "user_column_data"),
        IGNORED: (
            "api_version", "form_id", "campaign_id", "google_key", "is_test", "gcl_id", "GCLID", "Google Click ID",
            "adgroup_id", "creative_id", "asset_group_id", "lead_stage",
        ),
    },
    source="campaign",
)  # fmt: skip

INDIAMART = System(
    name="indiamart",
    title="IndiaMART",
    signatures=(("UNIQUE_QUERY_ID",), ("SENDER_MOBILE", "QUERY_PRODUCT_NAME", "QUERY_MCAT_NAME")),
    columns={
        "externalId": ("UNIQUE_QUERY_ID",),
        "name": ("SENDER_NAME",),
        "phoneNumber": ("SENDER_MOBILE", "SENDER_MOBILE_ALT", "SENDER_PHONE", "SENDER_PHONE_ALT"),
        "email": ("SENDER_EMAIL", "SENDER_EMAIL_ALT"),
        "companyName": ("SENDER_COMPANY",),
        "city": ("SENDER_CITY",),
        "state": ("SENDER_STATE",),
        "pincode": ("SENDER_PINCODE",),
        "country": ("SENDER_COUNTRY_ISO",),
        "customerInterestedIn": ("QUERY_PRODUCT_NAME",),
        "additionalNotes": ("QUERY_MESSAGE",),
        NOTES: ("QUERY_TYPE", "QUERY_TIME", "SENDER_ADDRESS", "SUBJECT", "QUERY_MCAT_NAME", "CALL_DURATION"),
        IGNORED: ("RECEIVER_MOBILE", "RECEIVER_CATALOG"),
    },
    source="other",
    source_name="IndiaMART",
)

JUSTDIAL = System(
    name="justdial",
    title="JustDial",
    signatures=(("leadid", "brancharea"), ("leadid", "dncmobile"), ("leadid", "leadtype"), ("leadid", "parentid")),
    columns={
        "externalId": ("leadid",),
        "namePrefix": ("prefix",),
        "name": ("name",),
        "phoneNumber": ("mobile", "phone"),
        "email": ("email",),
        "customerInterestedIn": ("category",),
        "city": ("city",),
        "companyName": ("company",),
        "pincode": ("pincode",),
        NOTES: ("leadtype", "date", "time", "area"),
        IGNORED: ("brancharea", "branchpin", "parentid"),
    },
    source="other",
    source_name="JustDial",
)

TRADEINDIA = System(
    name="tradeindia",
    title="TradeIndia",
    signatures=(("inquiry_id", "sender_name"), ("inquiry_date", "sender_mobile")),
    columns={
        "externalId": ("inquiry_id",),
        "name": ("sender_name",),
        "phoneNumber": ("sender_mobile", "sender_phone", "sender_other_mobiles"),
        "email": ("sender_email", "sender_other_emails"),
        "companyName": ("sender_company", "sender_co"),
        "city": ("sender_city",),
        "state": ("sender_state",),
        "country": ("sender_country",),
        "customerInterestedIn": ("product_name",),
        "additionalNotes": ("query_message", "message"),
        NOTES: ("sender_address", "address", "subject", "inquiry_date", "inquiry_time", "status", "inquiry_type"),
        IGNORED: ("sender_uid", "receiver_uid", "receiver_mobile", "receiver_name", "receiver_co", "view_status"),
    },
    source="other",
    source_name="TradeIndia",
)

OWN_EXPORT = System(
    name="leadconnect_export",
    title="LeadConnect",
    signatures=(("ID", "Lead Created By", "Custom Sector", "Created At", "Updated At"),
                ("ID", "Lead Created By", "Custom Generated By", "Created At", "Updated At")),
    columns={
        column.key: (column.title,) for column in COLUMNS if column.name not in ("id", "created_at", "updated_at")
    }
    | {
        "externalId": ("ID",),
        IGNORED: ("Created At", "Updated At", "userId", *(f"user.{name}" for name in LeadOwner.__struct_fields__)),
    },
)  # fmt: skip
"""Our own export: its cells are taken exactly as they were before it. `externalId` is the lead's own id."""

OWN_TEMPLATE = System(
    name="leadconnect_template",
    title="LeadConnect template",
    signatures=(("Pincode/Zipcode", "Custom Generated By", "Customer Interested In"),),
    columns={},
)

CAMPAIGNS = (META, GOOGLE_ADS, INDIAMART, JUSTDIAL, TRADEINDIA, OWN_EXPORT, OWN_TEMPLATE)
