"""The rows behind sessions and their tokens. None of them is ever sent."""

from datetime import timedelta

from leadconnect.wire import Answer


class HeldSession(Answer):
    """A live session that is locked until commit; `remaining` is its life, `confirmed_generation` what has arrived."""

    mode: str
    generation: int
    confirmed_generation: int
    remaining: timedelta


class Presented(Answer):
    """The refresh token that somebody shows: its generation, whether the first use of that generation was within the
    grace, and how many refresh tokens the session's current generation has.
    """

    generation: int
    is_recent: bool
    current_count: int
