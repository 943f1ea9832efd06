"""What the client reads of each answer. It crashes, or shows nonsense, where one is missing or of another type."""

from typing import Any

import msgspec


class Maybe(msgspec.Struct, frozen=True):
    """May be null or missing."""

    shape: Any


class Id(msgspec.Struct, frozen=True):
    """Compared with ``===`` and asked for its truth, so it is a text that is not empty."""


ID, TEXT, FLAG, WHOLE, NUMBER = Id(), str, bool, int, (int, float)
OPTIONAL = Maybe(TEXT)

TOKENS = {"accessToken": ID, "refreshToken": ID}
SIGNED_IN = {**TOKENS, "user": {"id": ID, "email": TEXT, "fullName": TEXT, "role": TEXT, "companyName": OPTIONAL}}
MESSAGE = {"message": TEXT}
PERMISSIONS = {"canViewLeads": FLAG, "canEditLeads": FLAG, "canAddLeads": FLAG, "canExportLeads": FLAG}
PROFILE = {
    "id": ID,
    "email": TEXT,
    "fullName": TEXT,
    "role": TEXT,
    **dict.fromkeys(
        ("customRole", "companyName", "companySize", "industry", "customIndustry", "website", "phoneNumber"), OPTIONAL
    ),
}
SWITCHES = (
    "newLeads", "followUps", "hotLeads", "conversions", "browserPush", "dailySummary", "emailNotifications",
)  # fmt: skip
NOTIFICATIONS = {**dict.fromkeys(SWITCHES, FLAG), "pushSubscription": OPTIONAL}
SECURITY = {"twoFactorEnabled": FLAG, "loginNotifications": FLAG, "sessionTimeout": TEXT, "apiKey": OPTIONAL}
APP = {
    "defaultView": TEXT,
    "itemsPerPage": TEXT,
    "autoSave": FLAG,
    "compactMode": FLAG,
    "exportFormat": TEXT,
    "exportNotes": FLAG,
}
SETTINGS = {"notifications": NOTIFICATIONS, "security": SECURITY, "preferences": APP}
LEAD = {
    "id": ID,
    "name": TEXT,
    "phoneNumber": TEXT,
    "customerCategory": TEXT,
    "leadSource": TEXT,
    "leadStatus": TEXT,
    "userId": ID,
    "createdAt": TEXT,
    **dict.fromkeys(
        (
            "email", "dateOfBirth", "city", "state", "country", "pincode", "companyName", "designation",
            "lastContactedDate", "lastContactedBy", "nextFollowupDate", "customerInterestedIn",
            "preferredCommunicationChannel", "customCommunicationChannel", "customLeadSource",
            "customReferralSource", "customGeneratedBy", "leadCreatedBy", "additionalNotes", "sector", "customSector",
        ),
        OPTIONAL,
    ),
}  # fmt: skip
LEADS = {"data": [LEAD], "meta": {"total": WHOLE}}
IMPORTED = {"total": WHOLE, "successful": WHOLE, "failed": WHOLE, "results": [{"success": FLAG, "rowNumber": WHOLE}]}
ANALYTICS = {
    "basicMetrics": dict.fromkeys(
        (
            "totalLeads", "convertedLeads", "conversionRate", "hotLeads", "qualifiedLeads", "lostOpportunities",
            "pendingFollowups", "newThisWeek", "convertedCustomers", "avgConversionTime",
        ),
        NUMBER,
    ),
    "followupTimeline": {"overdue": WHOLE, "dueThisWeek": WHOLE, "future": WHOLE},
    **{
        breakdown: [{label: TEXT, "count": WHOLE, "percentage": NUMBER}]
        for breakdown, label in (
            ("leadSourceBreakdown", "source"), ("leadStatusBreakdown", "status"), ("categoryBreakdown", "category"),
            ("communicationChannels", "channel"),
        )
    },
    "monthlyTrends": [{"month": TEXT, "leads": WHOLE, "converted": WHOLE}],
    "next7DaysFollowups": [{"id": ID, "name": TEXT}],
    "period": {"days": WHOLE, "startDate": TEXT, "endDate": TEXT},
}  # fmt: skip
PUSH_STATUS = {"subscribed": FLAG, "subscriptionCount": Maybe(WHOLE)}
SUB_USER = {
    "id": ID, "fullName": TEXT, "email": TEXT, "role": TEXT, "customRole": OPTIONAL, "companyName": OPTIONAL,
    "permissions": PERMISSIONS,
}  # fmt: skip


def read(answer: Any, shape: Any, place: str = "the answer") -> None:
    """Read of an answer what `shape` says, as the client does.

    Raises:
        AssertionError: it would crash here.
    """
    if isinstance(shape, Maybe):
        if answer is not None:
            read(answer, shape.shape, place)
    elif isinstance(shape, Id):
        assert isinstance(answer, str), f"{place} is {answer!r}"
        assert answer, f"{place} is empty"
    elif isinstance(shape, list):
        assert isinstance(answer, list), f"{place} is {answer!r}"
        for number, item in enumerate(answer):
            read(item, shape[0], f"{place}[{number}]")
    elif isinstance(shape, dict):
        assert isinstance(answer, dict), f"{place} is {answer!r}"
        for key, inner in shape.items():
            assert key in answer or isinstance(inner, Maybe), f"{place} lacks {key}"
            read(answer.get(key), inner, f"{place}.{key}")
    else:
        kinds = shape if isinstance(shape, tuple) else (shape,)
        assert type(answer) in kinds, f"{place} is {answer!r}"  # a flag is no number here
