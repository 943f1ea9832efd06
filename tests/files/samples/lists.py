"""Lists of those who get newsletters: Mailchimp, Substack, Ghost and Constant Contact."""

from tests.files.samples.making import make, notes

MAILCHIMP = (
    "Email Address,First Name,Last Name,Address,Phone Number,Birthday,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS"
)

LISTS = (
    make(
        "mailchimp", "mailchimp", MAILCHIMP,
        [
            (
                {"Email Address": "asha@example.com", "First Name": "Asha", "Last Name": "Rao", "MEMBER_RATING": "2",
                 "OPTIN_TIME": "2024-03-12 09:14:00", "OPTIN_IP": "192.0.2.1", "LATITUDE": "18.5", "GMTOFF": "5",
                 "CC": "in", "REGION": "mh", "LAST_CHANGED": "2024-03-13 09:14:00", "LEID": "1", "EUID": "abc123",
                 "TAGS": '"fair","2024"'},
                {"name": "Asha Rao", "email": "asha@example.com", "phoneNumber": "", "country": "in", "state": "mh",
                 "externalId": "abc123",
                 "additionalNotes": notes("OPTIN_TIME: 2024-03-12 09:14:00", 'TAGS: "fair","2024"')},
            ),
            (
                {"Email Address": "nobody@example.com", "EUID": "abc124"},
                {"name": "nobody@example.com", "email": "nobody@example.com", "phoneNumber": "",
                 "externalId": "abc124"},
            ),
        ],
    ),
    make(
        "mailchimp", "mailchimp", MAILCHIMP,
        [
            (
                {"Email Address": "bo@example.com", "First Name": "Bo", "Phone Number": "(202) 555-0123",
                 "Birthday": "03/12", "NOTES": "likes tea", "EUID": "x1"},
                {"name": "Bo", "email": "bo@example.com", "phoneNumber": "(202) 555-0123", "externalId": "x1",
                 "additionalNotes": notes("likes tea", "Birthday: 03/12")},
            ),
        ],
        line_end="\n",
    ),
    make(
        "mailchimp", "mailchimp",
        "Email Address,First Name,Last Name,Company,MEMBER_RATING,UNSUB_TIME,UNSUB_REASON,LEID,EUID",
        [
            (
                {"Email Address": "cy@example.com", "First Name": "Cy", "Company": "Example",
                 "UNSUB_TIME": "2024-01-02",
                 "UNSUB_REASON": "No longer interested", "EUID": "u9"},
                {"name": "Cy", "email": "cy@example.com", "phoneNumber": "", "companyName": "Example",
                 "externalId": "u9",
                 "additionalNotes": notes("UNSUB_TIME: 2024-01-02", "UNSUB_REASON: No longer interested")},
            ),
        ],
    ),
    make(
        "substack", "substack", "Email,Subscription type,Subscription status",
        [
            (
                {"Email": "a@example.com", "Subscription type": "free"},
                {"name": "a@example.com", "email": "a@example.com", "phoneNumber": "",
                 "additionalNotes": "Subscription type: free"},
            ),
        ],
    ),
    make(
        "substack", "substack", "Email,Name,Subscription type,Subscription status",
        [
            (
                {"Email": "a@example.com", "Name": "Asha", "Subscription type": "paid",
                 "Subscription status": "active"},
                {"name": "Asha", "email": "a@example.com", "phoneNumber": "",
                 "additionalNotes": notes("Subscription type: paid", "Subscription status: active")},
            ),
        ],
    ),
    make(
        "substack", "substack", "email,name,active_subscription,expiry,email_disabled,created_at",
        [
            (
                {"email": "b@example.com", "name": "Bo", "active_subscription": "false", "email_disabled": "true"},
                {"name": "Bo", "email": "b@example.com", "phoneNumber": "",
                 "additionalNotes": notes("active_subscription: false", "email_disabled: true")},
            ),
        ],
    ),
    make(
        "ghost", "ghost",
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,"
        "tiers",
        [
            (
                {"id": "65f0", "email": "a@example.com", "name": "Asha", "note": "met", "subscribed_to_emails": "true",
                 "stripe_customer_id": "cus_1", "labels": "vip"},
                {"name": "Asha", "email": "a@example.com", "phoneNumber": "", "externalId": "65f0",
                 "additionalNotes": notes("met", "subscribed_to_emails: true", "labels: vip")},
            ),
        ],
    ),
    make(
        "ghost", "ghost", "id,email,name,subscribed_to_emails,stripe_customer_id",
        [
            (
                {"id": "65f1", "email": "b@example.com", "name": "Bo B.", "subscribed_to_emails": "false"},
                {"name": "Bo B.", "email": "b@example.com", "phoneNumber": "", "externalId": "65f1",
                 "additionalNotes": "subscribed_to_emails: false"},
            ),
            (
                {"id": "65f2", "email": "c@example.com"},
                {"name": "c@example.com", "email": "c@example.com", "phoneNumber": "", "externalId": "65f2"},
            ),
        ],
    ),
    make(
        "ghost", "ghost", "email,name,subscribed_to_emails,complimentary_plan",
        [({"email": "c@@example.com", "name": "Cy"}, "bad_email")],
    ),
    make(
        "constant_contact", "constant_contact", "Email address,First name,Last name,Email status",
        [
            (
                {"Email address": "a@example.com", "First name": "Asha", "Email status": "Unsubscribed"},
                {"name": "Asha", "email": "a@example.com", "phoneNumber": "",
                 "additionalNotes": "Email status: Unsubscribed"},
            ),
        ],
    ),
    make(
        "constant_contact", "constant_contact",
        "Email address,First name,Last name,Company,Job title,Email status,Phone - mobile,City - Home,Tags",
        [
            (
                {"Email address": "b@example.com", "First name": "Bo", "Company": "Example", "Job title": "Owner",
                 "Phone - mobile": "+1 202-555-0123", "City - Home": "Austin", "Tags": "x"},
                {"name": "Bo", "email": "b@example.com", "companyName": "Example", "designation": "Owner",
                 "phoneNumber": "+1 202-555-0123", "city": "Austin", "additionalNotes": "Tags: x"},
            ),
        ],
    ),
    make(
        "constant_contact", "constant_contact",
        "Email address,First name,Last name,Email permission status,Confirmed Opt-Out Date,Birthday",
        [
            (
                {"Email address": "c@example.com", "First name": "Cy", "Confirmed Opt-Out Date": "03/04/2024",
                 "Birthday": "03/04/1990"},
                {"name": "Cy", "email": "c@example.com", "phoneNumber": "", "dateOfBirth": "1990-03-04",
                 "additionalNotes": "Confirmed Opt-Out Date: 03/04/2024"},
            ),
        ],
    ),
)  # fmt: skip
