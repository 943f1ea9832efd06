"""The two kinds of codes of a second factor, and how one is made and mailed."""

from functools import partial
from uuid import UUID

from leadconnect.accounts.models import UserRow, normal_email
from leadconnect.auth import throttles
from leadconnect.auth.codes import Codes
from leadconnect.auth.credentials.codes import new_code
from leadconnect.auth.queries import CODE_LIFE
from leadconnect.auth.second_factor import queries
from leadconnect.auth.services import Services
from leadconnect.database.pool import Connection
from leadconnect.identifiers import new_id

MINUTES = str(int(CODE_LIFE.total_seconds() // 60))
"""The life of a code as mails tell it."""


def _codes(purpose: str) -> Codes:
    return Codes(purpose, partial(queries.reserve_attempt, purpose=purpose), queries.return_attempt)


SIGN_IN = _codes("sign in")
SWITCH_OFF = _codes("switch off")
TEMPLATES = {SIGN_IN.purpose: "sign_in_code", SWITCH_OFF.purpose: "switch_off_code"}
"""The mail that takes a code of each purpose to its user."""


async def mail_code(services: Services, connection: Connection, account_id: UUID, user: UserRow, codes: Codes) -> None:
    """Make a code for a user who has just proven their password, or is signed in, and put its mail into the queue.

    A code that was mailed within the last minute and can still be used is kept: clients submit twice.

    Raises:
        TooManyRequests: too many codes within the hour.
    """
    if await queries.prolong_young_code(connection, account_id, user.id, codes.purpose):
        return
    await throttles.take(connection, services.limits.proven_codes(normal_email(user.email), codes.purpose))
    code = new_code()
    sealed = services.codes.seal(code, codes.purpose, user.id)
    expires_at = await queries.insert_code(
        connection, account_id, user.id, new_id(), purpose=codes.purpose, sealed=sealed
    )
    context = {"name": user.full_name, "code": code, "minutes": MINUTES}
    await services.outbox.post(connection, TEMPLATES[codes.purpose], user.email, context, expires_at=expires_at)
