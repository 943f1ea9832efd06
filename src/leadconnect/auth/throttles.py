"""How often something may be tried, counted in PostgreSQL, so that all instances share the count.

An attempt is counted before it is judged, in one atomic statement, so parallel guesses cannot slip through. A window
begins with its first attempt; when it is used up, everything is refused until it ends, and the refusals do not prolong
it. Keys are keyed digests: the table names nobody.
"""

import hmac
from datetime import timedelta
from uuid import UUID

import msgspec

from leadconnect.auth import queries
from leadconnect.database.pool import Connection
from leadconnect.edge.address import network_prefix
from leadconnect.errors import TooManyRequests
from leadconnect.logs import security_event
from leadconnect.metrics.instruments import REFUSALS
from leadconnect.settings import Settings


class Limit(msgspec.Struct, frozen=True):
    """At most `use_count` uses of `key` in `window`. `name` says what is limited, and not for whom."""

    key: str
    use_count: int
    window: timedelta
    name: str


class Limits:
    """The limits of one installation; `settings` has the numbers that operators may change."""

    def __init__(self, settings: Settings) -> None:
        self._secret = hmac.digest(settings.secret.encode(), b"leadconnect: throttles, version 1", "sha256")
        self._settings = settings

    def log_in(self, email: str, address: str) -> Limit:
        """Wrong log-ins for one address of mail from one network."""
        return self._limit(
            "log in", email, network_prefix(address), self._settings.wrong_log_ins, timedelta(minutes=15)
        )

    def log_in_from_anywhere(self, email: str) -> Limit:
        """Wrong log-ins for one address of mail; loose, so that strangers cannot lock a person out."""
        return self._limit("log in from anywhere", email, "", 100, timedelta(hours=1))

    def log_ins_from(self, address: str) -> Limit:
        """Log-ins from one network address."""
        return self._limit("log ins", "", _host(address), self._settings.log_ins_per_address, timedelta(minutes=1))

    def sign_ups_from(self, address: str) -> Limit:
        """Sign-ups from one network address."""
        return self._limit("sign ups", "", _host(address), self._settings.sign_ups_per_address, timedelta(minutes=1))

    def codes(self, email: str) -> tuple[Limit, Limit]:
        """Codes mailed to one address: one a minute, five an hour."""
        return (
            self._limit("code a minute", email, "", 1, timedelta(minutes=1)),
            self._limit("codes an hour", email, "", 5, timedelta(hours=1)),
        )

    def sign_in_codes_again(self, email: str) -> tuple[Limit, Limit]:
        """Codes to sign in that are mailed to one address once more: one a minute, five an hour."""
        return (
            self._limit("sign-in code a minute", email, "", 1, timedelta(minutes=1)),
            self._limit("sign-in codes an hour", email, "", 5, timedelta(hours=1)),
        )

    def proven_codes(self, email: str, purpose: str) -> Limit:
        """Codes mailed to one address because of a right password, or to its user who is signed in."""
        return self._limit(f"proven codes to {purpose}", email, "", 20, timedelta(hours=1))

    def refreshes(self, session_id: UUID) -> Limit:
        """Refreshes of one session; clients refresh several times at once."""
        return self._limit("refreshes", str(session_id), "", 30, timedelta(minutes=1))

    def wrong_codes(self, email: str, *, compared: bool, purpose: str = "reset password") -> Limit:
        """Wrong codes for one address and purpose, over all its codes (NIST SP 800-63B §5.2.2 allows a hundred).

        Guesses that were `compared` with no code, for none was open, have a count of their own: it costs the same,
        and nobody can use up the guesses of a person who has not asked for a code. Purposes have counts of their own,
        because anybody may ask for a code to reset a password, and could use up the guesses at signing in with it.
        """
        return self._limit(f"{'wrong' if compared else 'no'} code to {purpose}", email, "", 100, timedelta(days=1))

    def email_changes(self, user_id: UUID, email: str) -> tuple[Limit, Limit]:
        """Changes of one user's address, and changes to one address by whomever: ten an hour each."""
        return (
            self._limit("e-mail changes", str(user_id), "", 10, timedelta(hours=1)),
            self._limit("e-mail changes to", email, "", 10, timedelta(hours=1)),
        )

    def email_questions(self, user_id: UUID) -> Limit:
        """Other addresses that one user asks for: the answer tells whether somebody has them."""
        return self._limit("e-mail questions", str(user_id), "", 30, timedelta(hours=1))

    def sub_users(self, account_id: UUID) -> Limit:
        """Sub-users that one account asks for: the answer tells whether somebody has the address."""
        return self._limit("sub-users", str(account_id), "", 300, timedelta(days=1))

    def email_codes(self, user_id: UUID, email: str) -> tuple[Limit, Limit, Limit]:
        """Codes that confirm an address: one a minute and five an hour for one user, five an hour to one address."""
        return (
            self._limit("e-mail code a minute", str(user_id), "", 1, timedelta(minutes=1)),
            self._limit("e-mail codes an hour", str(user_id), "", 5, timedelta(hours=1)),
            self._limit("e-mail codes to", email, "", 5, timedelta(hours=1)),
        )

    def password_links(self, account_id: UUID, user_id: UUID) -> tuple[Limit, Limit]:
        """Links to set a password with: five an hour to one user, and so many a day from one account."""
        return (
            self._limit("links to", str(user_id), "", 5, timedelta(hours=1)),
            self._limit("links from", str(account_id), "", self._settings.links_per_account, timedelta(days=1)),
        )

    def invitations(self, email: str) -> Limit:
        """Invitations to one address, whoever invites: one while its link can be used, unless operators allow more."""
        return self._limit("invitations to", email, "", self._settings.invitations_per_address, timedelta(hours=72))

    def invited_codes(self, email: str) -> Limit:
        """Codes to an address that was invited and has not accepted."""
        return self._limit("codes to invited", email, "", 3, timedelta(days=1))

    def reminders(self, lead_id: UUID) -> Limit:
        """Reminders of one lead's follow-up, whoever asks for them: a second click is no second reminder."""
        return self._limit("reminder", "", str(lead_id), 1, timedelta(minutes=1))

    def test_pushes(self, user_id: UUID) -> Limit:
        """Test messages to the devices of one user."""
        return self._limit("test push", "", str(user_id), 10, timedelta(minutes=1))

    def _limit(self, what: str, email: str, place: str, use_count: int, window: timedelta) -> Limit:
        digest = hmac.digest(self._secret, "\n".join((what, email, place)).encode("utf-8", "surrogatepass"), "sha256")
        return Limit(digest.hex(), use_count, window, what)


async def take(connection: Connection, *limits: Limit) -> None:
    """Count one use of every limit; none is counted if one refuses, for then the caller's transaction rolls back.

    Raises:
        TooManyRequests: one of them is used up; `retry_after` says until when.
    """
    used = await queries.take(connection, [limit.key for limit in limits], [limit.window for limit in limits])
    refusing = [limit for limit in limits if used[limit.key][0] > limit.use_count]
    if refusing:
        for limit in refusing:
            REFUSALS.labels(limit.name).inc()
        security_event("throttle", outcome="refused")
        # A window may have begun after this transaction, whose time counts as now, and seem longer than it is.
        raise TooManyRequests(retry_after=max(min(used[limit.key][1], limit.window) for limit in refusing))


def _host(address: str) -> str:
    """Return what one machine cannot change: an IPv4 address, or the network of an IPv6 address."""
    return network_prefix(address) if ":" in address else address
