"""Refresh tokens that change with each use, where clients ask for it: thieves are found, and lost answers forgiven."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from leadconnect.auth.credentials.tokens import TokenKind, token_digest
from leadconnect.auth.services import Services
from leadconnect.auth.sessions import queries
from leadconnect.auth.sessions.models import HeldSession, Presented
from leadconnect.auth.sessions.rotation import SIBLING_COUNT, Move, move
from leadconnect.database.transaction import tenant
from tests.auth.signed_in import is_over, is_signed_in, refresh, rows_of, shift
from tests.auth.twofold import challenge, finish, log_in, protected
from tests.cast import Actor, Cast
from tests.postbox import Postbox

ROTATES = {"X-Token-Rotation": "1"}
TOKENS = {"accessToken", "refreshToken", "expiresIn"}
LATER = timedelta(seconds=31)


@pytest.fixture
async def owner(cast: Cast, client: httpx.AsyncClient) -> Actor:
    """An owner in a session that rotates from its log-in on."""
    somebody = await cast.owner()
    answer = await log_in(client, somebody, **ROTATES)
    assert set(answer.json()) == {"accessToken", "refreshToken", "expiresIn", "user"}
    somebody.token, somebody.refresh_token = answer.json()["accessToken"], answer.json()["refreshToken"]
    return somebody


async def rotated(client: httpx.AsyncClient, token: str) -> tuple[str, str]:
    """Refresh and return the access token and the next refresh token."""
    answer = await refresh(client, token)
    assert answer.status_code == 200, answer.text
    assert set(answer.json()) == TOKENS
    return answer.json()["accessToken"], answer.json()["refreshToken"]


async def notices(postbox: Postbox, actor: Actor) -> int:
    """Return how often somebody was told of a session with two holders."""
    return sum("used in two places" in mail for mail in await postbox.mails_to(actor.email))


async def test_a_session_rotates_from_the_log_in_that_asks_for_it_and_for_good(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    token, seen = owner.refresh_token, {owner.refresh_token}
    for rotation in (None, "0", "1", None):
        answer = await refresh(client, token, rotation=rotation)
        assert set(answer.json()) == TOKENS
        assert answer.json()["expiresIn"] == 3600
        token = answer.json()["refreshToken"]
        assert await is_signed_in(client, answer.json()["accessToken"])
        seen.add(token)
        await shift(services, owner, timedelta(minutes=30))
    assert len(seen) == 5


async def test_a_session_rotates_from_a_first_refresh_that_asks_for_it(cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner()
    answers = await asyncio.gather(*(refresh(client, owner.refresh_token, rotation="1") for _ in range(4)))
    assert [set(answer.json()) for answer in answers] == [TOKENS] * 4
    assert set((await refresh(client, answers[0].json()["refreshToken"])).json()) == TOKENS


async def test_a_session_that_was_refreshed_without_asking_never_rotates(
    cast: Cast, client: httpx.AsyncClient, services: Services
) -> None:
    owner = await cast.owner()
    for rotation in (None, "1", None, "1"):
        answer = await refresh(client, owner.refresh_token, rotation=rotation)
        assert (answer.status_code, set(answer.json())) == (200, {"accessToken", "expiresIn"})
        await shift(services, owner, timedelta(hours=1))


@pytest.mark.parametrize("rotation", ["0", "", "true", "2"])
async def test_nothing_but_one_asks_for_it(cast: Cast, client: httpx.AsyncClient, rotation: str) -> None:
    owner = await cast.owner()
    assert set((await refresh(client, owner.refresh_token, rotation=rotation)).json()) == {"accessToken", "expiresIn"}


async def test_a_log_in_with_two_factors_can_ask_for_it(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox
) -> None:
    owner = await protected(cast, client)
    code = await challenge(client, postbox, owner)
    signed_in = await finish(client, owner.email, code, **ROTATES)
    assert set(signed_in.json()) == {"accessToken", "refreshToken", "expiresIn", "user"}
    await rotated(client, signed_in.json()["refreshToken"])


async def test_a_stolen_token_ends_the_session_for_both(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    first = owner.refresh_token
    second_access, second = await rotated(client, first)
    third_access, third = await rotated(client, second)
    await shift(services, owner, LATER)
    with capture_logs() as lines:
        refused = await refresh(client, first)
    assert refused.status_code == 401
    assert set(refused.json()) == {"message", "error", "statusCode", "code"}
    for token in (first, second, third):
        assert (await refresh(client, token)).status_code == 401
    for token in (owner.token, second_access, third_access):
        assert not await is_signed_in(client, token)
    assert [line["outcome"] for line in lines if line["event"] == "refresh_reuse"] == ["ended"]
    assert await notices(postbox, owner) == 1


async def test_other_sessions_of_the_user_are_not_touched_by_it(
    cast: Cast, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    phone = await cast.log_in(owner)
    _, second = await rotated(client, owner.refresh_token)
    await rotated(client, second)
    await shift(services, owner, LATER)
    assert (await refresh(client, owner.refresh_token)).status_code == 401
    assert not await is_over(client, phone)


async def test_within_half_a_minute_a_used_token_gets_another_of_the_newest(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    _, second = await rotated(client, owner.refresh_token)
    await shift(services, owner, timedelta(seconds=29))
    access, sibling = await rotated(client, owner.refresh_token)
    assert sibling != second
    assert await is_signed_in(client, access)
    await rotated(client, sibling)
    await rotated(client, second)
    await rotated(client, owner.refresh_token)


async def test_of_twenty_refreshes_at_once_eleven_get_tokens_and_the_rest_shall_wait(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    answers = await asyncio.gather(*(refresh(client, owner.refresh_token) for _ in range(20)))
    assert Counter(answer.status_code for answer in answers) == {200: 1 + SIBLING_COUNT, 429: 9}
    tokens = [answer.json() for answer in answers if answer.status_code == 200]
    assert await asyncio.gather(*(is_signed_in(client, pair["accessToken"]) for pair in tokens)) == [True] * 11
    session = (await rows_of(services, owner, "sessions"))[-1]
    assert session["generation"] == 2
    await rotated(client, tokens[-1]["refreshToken"])


async def test_an_answer_that_was_lost_can_be_asked_for_again_later(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    _, lost = await rotated(client, owner.refresh_token)
    for _ in range(3):
        await shift(services, owner, timedelta(hours=1))
        with capture_logs() as lines:
            access, following = await rotated(client, owner.refresh_token)
        assert "refresh_retried" in [line["event"] for line in lines]
    assert await is_signed_in(client, access)
    await rotated(client, following)
    await rotated(client, lost)


@pytest.mark.parametrize("arrived", ["access", "refresh"])
async def test_once_the_answer_is_known_to_have_arrived_the_token_before_is_a_stolen_one(
    client: httpx.AsyncClient, services: Services, owner: Actor, arrived: str
) -> None:
    access, second = await rotated(client, owner.refresh_token)
    if arrived == "access":
        assert await is_signed_in(client, access)
    else:
        await rotated(client, second)
    await shift(services, owner, LATER)
    assert (await refresh(client, owner.refresh_token)).status_code == 401
    assert (await refresh(client, second)).status_code == 401
    assert not await is_signed_in(client, access)


async def test_a_thief_and_the_owner_cannot_take_turns(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    _, stolen = await rotated(client, owner.refresh_token)
    access, mine = await rotated(client, stolen)
    assert await is_signed_in(client, access)
    _, theirs = await rotated(client, stolen)
    await shift(services, owner, timedelta(minutes=50))
    access, _ = await rotated(client, mine)
    assert await is_signed_in(client, access)
    await shift(services, owner, timedelta(minutes=1))
    assert (await refresh(client, theirs)).status_code == 401
    assert not await is_signed_in(client, access)


async def test_tokens_end_with_the_session(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    await shift(services, owner, timedelta(days=7) - timedelta(minutes=10))
    answer = await refresh(client, owner.refresh_token)
    assert 590 <= answer.json()["expiresIn"] <= 600
    await shift(services, owner, timedelta(minutes=10))
    assert (await refresh(client, answer.json()["refreshToken"])).status_code == 401
    assert not await is_signed_in(client, answer.json()["accessToken"])


async def test_a_session_is_refreshed_thirty_times_a_minute_at_most(
    cast: Cast, client: httpx.AsyncClient, services: Services
) -> None:
    owner = await cast.owner()
    phone = await cast.log_in(owner)
    answers = await asyncio.gather(*(refresh(client, owner.refresh_token) for _ in range(31)))
    assert Counter(answer.status_code for answer in answers) == {200: 30, 429: 1}
    (refused,) = [answer for answer in answers if answer.status_code == 429]
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert (await refresh(client, phone.refresh_token)).status_code == 200
    await shift(services, owner, timedelta(minutes=1))
    assert (await refresh(client, owner.refresh_token)).status_code == 200


async def test_old_refresh_tokens_are_kept_as_digests_in_bounded_number(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    session_id = (await rows_of(services, owner, "sessions"))[-1]["id"]
    async with tenant(services.database, owner.account_id) as connection:
        for number in range(260):
            digest = f"{number:064x}"
            await queries.insert_token(connection, owner.account_id, session_id, digest, TokenKind.REFRESH)
    await shift(services, owner, timedelta(minutes=1))
    _, newest = await rotated(client, owner.refresh_token)
    rows = [row for row in await rows_of(services, owner, "tokens") if row["session_id"] == session_id]
    kept = [row["token"] for row in rows if row["token_type"] == "refresh"]
    assert len(kept) == 250
    assert kept[-1] == token_digest(newest, TokenKind.REFRESH)
    await rotated(client, newest)


@given(
    generation=st.integers(1, 6),
    behind=st.integers(0, 5),
    confirmed=st.integers(1, 6),
    is_recent=st.booleans(),
    count=st.integers(1, 20),
)
def test_a_token_is_a_stolen_one_exactly_when_nothing_honest_explains_it(
    generation: int, behind: int, confirmed: int, is_recent: bool, count: int
) -> None:
    session = HeldSession("rotating", generation, min(confirmed, generation), timedelta(days=1))
    shown = Presented(max(1, generation - behind), is_recent, count)
    decided = move(session, shown)
    is_current = shown.generation == generation
    is_lost = shown.generation == generation - 1 and session.confirmed_generation < generation
    assert (decided is Move.NEXT) == is_current
    assert (decided is Move.STOLEN) == (not is_current and not is_recent and not is_lost)
    assert (decided is Move.WAIT) == (not is_current and (is_recent or is_lost) and count > SIBLING_COUNT)
