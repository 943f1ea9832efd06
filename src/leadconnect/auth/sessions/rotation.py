"""What becomes of a refresh token of a rotating session (RFC 9700 §4.14.2), decided from its generation alone.

Each use begins a new generation. Clients refresh several times at once and lose answers, so a token that was used is
not yet a stolen one: within a grace it gets another token of the current generation, a sibling; and so it does later,
as long as nothing of the current generation is known to have arrived.
"""

from datetime import timedelta
from enum import Enum, auto

from leadconnect.auth.sessions.models import HeldSession, Presented

GRACE = timedelta(seconds=30)
"""How long after its first use a refresh token may come again, as other requests under way at the time do."""
SIBLING_COUNT = 10
"""How many tokens a generation may have besides its first."""


class Move(Enum):
    """What is done about a refresh token."""

    NEXT = auto()
    SIBLING = auto()
    RETRY = auto()
    """A sibling as well, for the answer with the current generation was lost."""
    WAIT = auto()
    STOLEN = auto()


def move(session: HeldSession, shown: Presented) -> Move:
    """Decide about a refresh token that is shown for `session`."""
    if shown.generation == session.generation:
        return Move.NEXT
    is_lost = shown.generation == session.generation - 1 and session.confirmed_generation < session.generation
    if not shown.is_recent and not is_lost:
        return Move.STOLEN
    if shown.current_count > SIBLING_COUNT:
        return Move.WAIT
    return Move.SIBLING if shown.is_recent else Move.RETRY
