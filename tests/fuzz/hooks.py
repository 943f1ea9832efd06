"""What schemathesis loads: how its cases sign in, and the rules of a body that a schema cannot say.

The environment names the server, ``FUZZ_URL``, a file for what was seen, ``FUZZ_SEEN``, and the caller: ``FUZZ_TOKEN``
is of a session that no case ends; ``FUZZ_EMAIL`` and ``FUZZ_PASSWORD`` belong to somebody else of the same kind, whose
sessions are there to be ended. Without ``FUZZ_TOKEN`` nobody is signed in.
"""

import os
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import schemathesis

from tests import make

ENDING_SESSIONS = r"^/api/auth/(logout|sessions)"
ABOUT_A_SUB_USER = {"change_sub_user", "change_permissions", "reset_sub_user_password", "delete_sub_user"}
TOKEN = os.environ.get("FUZZ_TOKEN", "")


class Bearer:
    """Sends a token, which every operation that needs one takes in the same way."""

    def set(self, case: Any, data: str, context: Any) -> None:
        """Put the token into the request."""
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


if TOKEN:

    @schemathesis.auth(refresh_interval=None).apply_to(path_regex=ENDING_SESSIONS)
    class FreshSession(Bearer):
        """Begins a session for every case, because cases end it."""

        def get(self, case: Any, context: Any) -> str:
            """Log in; where a case is to end one session, let it end this one, for no id that it makes up exists."""
            token = _log_in()
            if "session_id" in (case.path_parameters or {}) and case.meta.generation.mode.is_positive:
                case.path_parameters["session_id"] = _current_session(token)
            return token

    @schemathesis.auth().skip_for(path_regex=ENDING_SESSIONS)
    class LastingSession(Bearer):
        """Uses the session that no case ends."""

        def get(self, case: Any, context: Any) -> str:
            """Return its token."""
            return TOKEN


@schemathesis.serializer("text/vcard", "text/tab-separated-values", "application/x-ndjson")
def _as_text(context: Any, value: Any) -> bytes:
    """Return the body of an upload; without this, cases of these media types are not sent."""
    return value.encode("utf-8", "replace") if isinstance(value, str) else msgspec.json.encode(value)


def _log_in() -> str:
    body = {"email": os.environ["FUZZ_EMAIL"], "password": os.environ["FUZZ_PASSWORD"]}
    answer = httpx.post(os.environ["FUZZ_URL"] + "/api/auth/login", json=body)
    answer.raise_for_status()
    token: str = answer.json()["accessToken"]
    return token


def _current_session(token: str) -> str:
    answer = httpx.get(os.environ["FUZZ_URL"] + "/api/auth/sessions", headers={"Authorization": f"Bearer {token}"})
    (session_id,) = [session["id"] for session in answer.json() if session["current"]]
    return str(session_id)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Make a case right that was to be right, where no schema can say how."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    body, operation = case.body, case.operation.definition.raw["operationId"]
    if operation in ABOUT_A_SUB_USER and TOKEN:
        case.path_parameters["user_id"] = _sub_user()
    if operation == "export_leads" and case.query:
        _fit_to_a_page(case.query)
    if case.headers and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid4().hex  # the simplest keys soon belong to other requests
    if operation == "upload_import" and not body and case.media_type != "application/json":
        case.body = "Name,Phone\n"  # an empty file is none
    if not isinstance(body, dict):
        return
    for name in ("password", "newPassword"):
        if name in body and "confirmPassword" in body:
            body[name] = body["confirmPassword"] = _uncommon(body[name])
    _fit_to_what_is_stored(operation, body)
    _write_whole_numbers(body)
    if "endpoint" in body and "keys" in body:
        body |= make.SUBSCRIPTION
    if case.media_type == "multipart/form-data" and "file" in body:
        body["file"] = _table(body["file"])
        body.pop("options", None)  # JSON within a form, which a schema can only call a text


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Note which operation gave which status, if it was asked with its own method and with all that it needs."""
    if case.meta is not None and case.meta.generation.mode.is_positive and case.method == case.operation.method.upper():
        with open(os.environ["FUZZ_SEEN"], "a") as seen:
            seen.write(f"{case.operation.definition.raw['operationId']} {response.status_code}\n")


def _fit_to_what_is_stored(operation: str, body: dict[str, Any]) -> None:
    """Leave out or change what is right or wrong by what is stored, and let the caller stay what they are."""
    if operation in ("sign_up", "add_sub_user") and len(body["email"]) < 50:
        body["email"] = f"{uuid4().hex[:8]}{body['email']}"  # the simplest addresses are soon taken
    if operation == "change_profile":
        body.pop("currentPassword", None)
        body |= {"role": "Management"} if "role" in body else {}
        body |= {"timeZone": "Asia/Kolkata"} if "timeZone" in body else {}
    if operation in ("change_profile", "change_sub_user"):
        for choice, text in (("role", "customRole"), ("industry", "customIndustry")):
            if choice not in body:
                body.pop(text, None)
    if operation == "add_sub_user" and "permissions" in body:
        for name in ("canViewLeads", "canEditLeads", "canAddLeads", "canExportLeads"):
            body.pop(name, None)


def _write_whole_numbers(body: dict[str, Any]) -> None:
    """Write 7.0 as 7, which for JSON Schema are the same."""
    for part, name in [(body, "expectedCount"), *((column, "position") for column in body.get("columns") or ())]:
        if isinstance(part, dict) and isinstance(part.get(name), float):
            part[name] = int(part[name])


def _fit_to_a_page(query: dict[str, Any]) -> None:
    """Leave as many columns as a document takes."""
    if query.get("format") == "pdf" and isinstance(query.get("columns"), list):
        query["columns"] = query["columns"][:12]


def _sub_user() -> str:
    """Return the id of a new sub-user of the caller; any id, where the caller may not add one."""
    body = {
        "fullName": "Ravi Nair", "email": f"{uuid4()}@example.com", "role": "Sales Manager",
        "password": "a long enough passphrase", "confirmPassword": "a long enough passphrase",
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = httpx.post(os.environ["FUZZ_URL"] + "/api/profile/sub-users", json=body, headers=headers)
    return str(answer.json().get("id", uuid4()))


def _uncommon(password: str) -> str:
    """Return a password of the same kind that is neither common nor somebody's name."""
    return password if len(password) > 1000 else f"{password} of nobody"


def _table(text: str | bytes) -> bytes:
    """Return a CSV file whose notes are `text`; a table has a header line."""
    cell = text if isinstance(text, bytes) else text.encode()
    return b'Name,Phone,Notes\nAsha Rao,98765 43210,"%s"\n' % cell.replace(b'"', b'""')
