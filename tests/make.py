"""Bodies of requests that are right, with what a test wants to be different."""

import os
from itertools import count
from typing import Any

PASSWORD = "a long enough passphrase"
SUBSCRIPTION = {
    "endpoint": "https://push.invalid/send/c0ffee",
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    },
}
"""A device that could be: no schema can say which points are on a curve. Its push service is nowhere."""
_number = count(1)


def email(name: str = "person") -> str:
    """Return an address nobody has yet."""
    return f"{name}.{os.getpid()}.{next(_number)}@example.com"


def signup(**changes: Any) -> dict[str, Any]:
    """Return the body of a sign-up."""
    body = {
        "fullName": "Asha Rao",
        "email": email("asha"),
        "role": "Management",
        "companyName": "Rao Traders",
        "companySize": "11-50",
        "industry": "textile",
        "password": PASSWORD,
        "confirmPassword": PASSWORD,
        **changes,
    }
    if "password" in changes and "confirmPassword" not in changes:
        body["confirmPassword"] = changes["password"]
    return body


def lead(**changes: Any) -> dict[str, Any]:
    """Return the body of a new lead with the fields that must be there."""
    return {
        "name": "Jürgen Groß",
        "phoneNumber": "+49 30 1234567",
        "customerCategory": "potential",
        "leadSource": "website",
        "leadStatus": "new",
        **changes,
    }
