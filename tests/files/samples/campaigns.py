"""Meta, Google Ads, IndiaMART, JustDial and TradeIndia."""

from tests.files.samples.making import make, notes

META = (
    "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,form_name,is_organic,platform"
)
INDIAMART = (
    "UNIQUE_QUERY_ID,QUERY_TYPE,QUERY_TIME,SENDER_NAME,SENDER_MOBILE,SENDER_MOBILE_ALT,SENDER_EMAIL,SENDER_COMPANY,"
    "SENDER_ADDRESS,SENDER_CITY,SENDER_STATE,SENDER_PINCODE,SENDER_COUNTRY_ISO,SUBJECT,QUERY_MESSAGE,"
    "QUERY_PRODUCT_NAME,QUERY_MCAT_NAME,CALL_DURATION,RECEIVER_MOBILE"
)

CAMPAIGNS = (
    make(
        "meta", "meta_lead_ads", f"{META},what_is_your_budget?,full_name,phone_number,email,inbox_url,lead_status",
        [
            (
                {"id": "l:1111111111111111", "created_time": "2026-07-16T00:12:13+03:00", "ad_id": "ag:1",
                 "ad_name": "Ad",
                 "adset_id": "as:1", "campaign_id": "c:1", "form_id": "f:1", "is_organic": "false", "platform": "ig",
                 "what_is_your_budget?": "500_or_more", "full_name": "Asha Rao", "phone_number": "p:+61402000111",
                 "email": "asha@example.com", "lead_status": "CREATED"},
                {"externalId": "1111111111111111", "name": "Asha Rao", "phoneNumber": "+61402000111",
                 "email": "asha@example.com", "leadSource": "instagram", "leadStatus": "new",
                 "additionalNotes": notes("created_time: 2026-07-16T00:12:13+03:00", "ad_name: Ad",
                                          "what_is_your_budget?: 500_or_more")},
            ),
            (
                {"id": "l:2", "platform": "fb", "full_name": "<test lead: dummy data for full_name>",
                 "phone_number": "<test lead: dummy data for phone_number>", "email": "test@meta.com"},
                "test_lead",
            ),
        ],
        encoding="utf-16", delimiter="\t",
    ),
    make(
        "meta", "meta_lead_ads", f"{META},ما_هي_ميزانيتك؟,first_name,last_name,whatsapp_number,company_name,job_title,"
                                 "city",
        [
            (
                {"id": "l:3", "is_organic": "true", "platform": "fb", "ما_هي_ميزانيتك؟": "500", "first_name": "ليلى",
                 "last_name": "حداد", "whatsapp_number": "p:+971501234567", "company_name": "Example", "city": "دبي"},
                {"externalId": "3", "name": "ليلى حداد", "phoneNumber": "+971501234567", "companyName": "Example",
                 "city": "دبي", "leadSource": "facebook", "additionalNotes": "ما_هي_ميزانيتك؟: 500"},
            ),
        ],
        line_end="\n",
    ),
    make(
        "meta", "meta_lead_ads", f"{META},full_name,email,phone_number",
        [
            (
                {"id": "l:4", "email": "x@example.com"},
                {"name": "x@example.com", "email": "x@example.com", "phoneNumber": "", "externalId": "4",
                 "leadSource": "facebook"},
            ),
            (
                {"id": "l:5", "full_name": "Bo", "email": "bo@example.com", "phone_number": "p:0402000111"},
                {"externalId": "5", "name": "Bo", "email": "bo@example.com", "phoneNumber": "0402000111",
                 "leadSource": "facebook"},
            ),
        ],
    ),
    make(
        "meta_api", "meta_lead_ads",
        "id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,"
        "full_name,phone_number,email",
        [
            (
                {"id": "7", "created_time": "2026-07-16T00:12:13+0000", "is_organic": "false", "platform": "an",
                 "full_name": "Asha", "phone_number": "+919876543210"},
                {"externalId": "7", "name": "Asha", "phoneNumber": "+919876543210", "leadSource": "facebook",
                 "additionalNotes": "created_time: 2026-07-16T00:12:13+0000"},
            ),
        ],
    ),
    make(
        "meta_api", "meta_lead_ads", "id,created_time,form_id,adset_id,full_name,email,which_model?",
        [
            (
                {"id": "8", "full_name": "Bo", "email": "bo@example.com", "which_model?": "X1"},
                {"externalId": "8", "name": "Bo", "email": "bo@example.com", "phoneNumber": "",
                 "leadSource": "facebook",
                 "additionalNotes": "which_model?: X1"},
            ),
        ],
    ),
    make(
        "meta_api", "meta_lead_ads", "leadgen_id,form_id,adset_id,created_time,is_organic,platform,full_name,email",
        [({"leadgen_id": "9", "full_name": "Test", "email": "test@fb.com"}, "test_lead")],
    ),
    make(
        "google_ads", "google_ads",
        "lead_id,FULL_NAME,EMAIL,PHONE_NUMBER,POSTAL_CODE,api_version,form_id,campaign_id,google_key,is_test,gcl_id",
        [
            (
                {"lead_id": "TeSter", "FULL_NAME": "FirstName LastName", "EMAIL": "test@example.com", "is_test": "true",
                 "google_key": "k"},
                "test_lead",
            ),
            (
                {"lead_id": "abc", "FULL_NAME": "Asha Rao", "EMAIL": "asha@example.com",
                 "PHONE_NUMBER": "+919876543210",
                 "POSTAL_CODE": "411001", "campaign_id": "1", "google_key": "k", "gcl_id": "g"},
                {"externalId": "abc", "name": "Asha Rao", "email": "asha@example.com", "phoneNumber": "+919876543210",
                 "pincode": "411001", "leadSource": "campaign"},
            ),
        ],
    ),
    make(
        "google_ads", "google_ads",
        "Lead ID,GCLID,Campaign Name,Ad Group Name,Lead Form Name,Date Submitted,User Phone,User Email,User Name",
        [
            (
                {"Lead ID": "5", "GCLID": "g", "Campaign Name": "Summer", "User Phone": "+1 202 555 0123",
                 "User Name": "Bo"},
                {"externalId": "5", "name": "Bo", "phoneNumber": "+1 202 555 0123", "leadSource": "campaign",
                 "additionalNotes": "Campaign Name: Summer"},
            ),
        ],
    ),
    make(
        "google_ads", "google_ads", "Google Click ID,Lead Form Name,User Email,First Name,Last Name,Region",
        [
            (
                {"Google Click ID": "g", "User Email": "cy@example.com", "First Name": "Cy", "Region": "Goa"},
                {"name": "Cy", "email": "cy@example.com", "phoneNumber": "", "state": "Goa", "leadSource": "campaign"},
            ),
        ],
    ),
    make(
        "indiamart", "indiamart", INDIAMART,
        [
            (
                {"UNIQUE_QUERY_ID": "2012487827", "QUERY_TYPE": "W", "QUERY_TIME": "2024-03-12 09:14:00",
                 "SENDER_NAME": "Asha", "SENDER_MOBILE": "+91-9876543210", "SENDER_EMAIL": "asha@example.com",
                 "SENDER_COMPANY": "Example", "SENDER_CITY": "Pune", "SENDER_STATE": "Maharashtra",
                 "SENDER_PINCODE": "411001", "SENDER_COUNTRY_ISO": "IN", "QUERY_MESSAGE": "Need 10 chairs",
                 "QUERY_PRODUCT_NAME": "Chairs", "RECEIVER_MOBILE": "9123456780"},
                {"externalId": "2012487827", "name": "Asha", "phoneNumber": "+91-9876543210",
                 "email": "asha@example.com",
                 "companyName": "Example", "city": "Pune", "state": "Maharashtra", "pincode": "411001", "country": "IN",
                 "customerInterestedIn": "Chairs", "leadSource": "other", "customLeadSource": "IndiaMART",
                 "additionalNotes": notes("Need 10 chairs", "QUERY_TYPE: W", "QUERY_TIME: 2024-03-12 09:14:00")},
            ),
        ],
    ),
    make(
        "indiamart", "indiamart", INDIAMART,
        [
            (
                {"UNIQUE_QUERY_ID": "2", "QUERY_TYPE": "P", "SENDER_NAME": "Bo", "SENDER_MOBILE": "+91-9876543210",
                 "SENDER_MOBILE_ALT": "+91-9876543210", "CALL_DURATION": "33"},
                {"externalId": "2", "name": "Bo", "phoneNumber": "+91-9876543210", "leadSource": "other",
                 "customLeadSource": "IndiaMART", "additionalNotes": notes("QUERY_TYPE: P", "CALL_DURATION: 33")},
            ),
        ],
    ),
    make(
        "indiamart", "indiamart", "UNIQUE_QUERY_ID,SENDER_NAME,SENDER_EMAIL,SENDER_EMAIL_ALT,RECEIVER_MOBILE",
        [
            (
                {"UNIQUE_QUERY_ID": "3", "SENDER_NAME": "Cy", "SENDER_EMAIL_ALT": "cy@example.com",
                 "RECEIVER_MOBILE": "9123456780"},
                {"externalId": "3", "name": "Cy", "email": "cy@example.com", "phoneNumber": "", "leadSource": "other",
                 "customLeadSource": "IndiaMART"},
            ),
        ],
    ),
    make(
        "justdial", "justdial",
        "leadid,leadtype,prefix,name,mobile,phone,email,date,time,category,city,area,brancharea,dncmobile,dncphone,"
        "company,"
        "pincode,branchpin,parentid",
        [
            (
                {"leadid": "JD1", "leadtype": "category", "prefix": "Mr", "name": "Ravi", "mobile": "9876543210",
                 "date": "2024-03-12", "category": "Caterers", "city": "Mumbai", "dncmobile": "1", "pincode": "400001",
                 "parentid": "P"},
                {"externalId": "JD1", "name": "Mr Ravi", "phoneNumber": "9876543210",
                 "customerInterestedIn": "Caterers",
                 "city": "Mumbai", "pincode": "400001", "leadSource": "other", "customLeadSource": "JustDial",
                 "additionalNotes": notes("leadtype: category", "date: 2024-03-12", "dncmobile: 1")},
            ),
        ],
    ),
    make(
        "justdial", "justdial", "leadid,prefix,name,mobile,phone,email,brancharea",
        [
            (
                {"leadid": "JD2", "prefix": "Ms", "mobile": "9876543210"},
                {"name": "9876543210", "phoneNumber": "9876543210", "externalId": "JD2",
                 "leadSource": "other", "customLeadSource": "JustDial",
                 "additionalNotes": "prefix: Ms"},
            ),
        ],
    ),
    make(
        "justdial", "justdial", "LeadID,LeadType,Name,Mobile,Phone,City",
        [
            (
                {"LeadID": "JD3", "Name": "Mina", "Mobile": "0", "Phone": "022 2345 6789"},
                {"externalId": "JD3", "name": "Mina", "phoneNumber": "022 2345 6789", "leadSource": "other",
                 "customLeadSource": "JustDial", "additionalNotes": "Mobile: 0"},
            ),
        ],
    ),
    make(
        "tradeindia", "tradeindia",
        "sender_name,sender_email,sender_mobile,sender_company,sender_address,sender_city,sender_state,sender_country,"
        "subject,"
        "query_message,product_name,inquiry_date,inquiry_id,status",
        [
            (
                {"sender_name": "Asha", "sender_mobile": "+919876543210", "sender_country": "India",
                 "query_message": "Quote please", "product_name": "Chairs", "inquiry_date": "12-Mar-2024",
                 "inquiry_id": "55", "status": "unread"},
                {"externalId": "55", "name": "Asha", "phoneNumber": "+919876543210", "country": "India",
                 "customerInterestedIn": "Chairs", "leadSource": "other", "customLeadSource": "TradeIndia",
                 "additionalNotes": notes("Quote please", "inquiry_date: 12-Mar-2024", "status: unread")},
            ),
        ],
    ),
    make(
        "tradeindia", "tradeindia", "inquiry_id,sender_name,sender_email,sender_mobile",
        [
            (
                {"inquiry_id": "56", "sender_name": "Bo", "sender_email": "bo@example.com / +919876543210"},
                {"externalId": "56", "name": "Bo", "email": "bo@example.com", "phoneNumber": "+919876543210",
                 "leadSource": "other", "customLeadSource": "TradeIndia"},
            ),
        ],
    ),
    make(
        "tradeindia", "tradeindia", "inquiry_date,sender_mobile,sender_name,sender_uid",
        [
            ({"sender_name": "Cy"}, "no_contact"),
            (["inquiry_date", "sender_mobile", "sender_name", "sender_uid"], "repeated_header"),
        ],
    ),
)  # fmt: skip
