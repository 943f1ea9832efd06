"""Signing in with a second factor: it needs the first, it is asked for once, and the code is good for one log-in."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.models import CodeRequest
from leadconnect.auth.second_factor.challenges import mail_another_code
from leadconnect.auth.services import Services
from leadconnect.auth.throttles import take
from leadconnect.database.transaction import directory, tenant
from leadconnect.edge.middleware import Edge
from leadconnect.identifiers import new_id
from tests import make
from tests.auth import forgotten
from tests.auth.forgotten import other
from tests.auth.signed_in import is_over, is_signed_in, rows_of
from tests.auth.twofold import (
    VERIFY,
    again,
    challenge,
    change,
    finish,
    let_pass,
    log_in,
    protected,
    verify,
)
from tests.cast import Actor, Cast
from tests.postbox import Postbox


@pytest.fixture
async def owner(cast: Cast, client: httpx.AsyncClient) -> Actor:
    return await protected(cast, client)


async def test_the_right_password_is_answered_with_a_question_and_no_token(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    before = len(await rows_of(services, owner, "tokens"))
    answer = await log_in(client, owner)
    assert answer.status_code == 200
    assert set(answer.json()) == {"requiresTwoFactor", "message", "email"}
    assert answer.json()["requiresTwoFactor"] is True
    assert answer.json()["email"] == owner.email
    assert "set-cookie" not in answer.headers
    assert len(await rows_of(services, owner, "tokens")) == before


async def test_the_mailed_code_is_answered_like_a_log_in(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    answer = await finish(client, owner.email, await challenge(client, postbox, owner))
    assert answer.status_code == 200
    assert set(answer.json()) == {"accessToken", "refreshToken", "expiresIn", "user"}
    assert answer.json()["user"] == {
        "id": str(owner.user_id),
        "email": owner.email,
        "fullName": "Asha Rao",
        "role": "Management",
        "companyName": "Rao Traders",
    }
    assert answer.headers["cache-control"] == "no-store"
    assert await is_signed_in(client, answer.json()["accessToken"])


async def test_address_and_code_may_have_blanks_around_and_the_address_any_case(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    assert (await finish(client, f"  {owner.email.upper()} ", f" {code}\r\n")).status_code == 200


@pytest.mark.parametrize("code", ["12345", "1234567", " 12345", "", None, 123456])
async def test_what_has_not_six_characters_is_no_code(client: httpx.AsyncClient, code: object) -> None:
    answer = await client.post("/api/auth/login/2fa", json={"email": "a@example.com", "otp": code})
    assert answer.status_code == 400
    assert [message.partition(" ")[0] for message in answer.json()["message"]] == ["otp"]


async def test_a_wrong_password_mails_no_code(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    owner.password = "a wrong passphrase"
    assert (await log_in(client, owner)).status_code == 401
    assert await postbox.codes_for(owner.email) == []


async def test_without_a_password_before_it_no_code_is_looked_at(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    plain = await cast.owner()
    answers = [await finish(client, email, "123456") for email in (make.email("nobody"), owner.email, plain.email)]
    assert [answer.status_code for answer in answers] == [401] * 3
    assert len({answer.content for answer in answers}) == 1


async def test_a_code_is_good_for_ten_minutes_after_the_password(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=10))
    assert (await finish(client, owner.email, other(code))).status_code == 400
    await let_pass(services, owner, timedelta(seconds=6))
    assert (await finish(client, owner.email, code)).status_code == 401


async def test_a_code_lives_at_least_ten_minutes_from_each_answer(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    await let_pass(services, owner, timedelta(seconds=50))
    assert await challenge(client, postbox, owner) == code
    await let_pass(services, owner, timedelta(minutes=10))
    assert (await finish(client, owner.email, code)).status_code == 200


async def test_five_wrong_codes_end_a_code_and_the_next_one_is_good(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    for number in range(1, 6):
        call = (finish, verify)[number % 2]
        assert (await call(client, owner.email, other(code, number))).status_code in (200, 400)
    assert (await finish(client, owner.email, code)).status_code == 400
    assert (await finish(client, owner.email, await challenge(client, postbox, owner))).status_code == 200


async def test_a_code_signs_in_once(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    code = await challenge(client, postbox, owner)
    assert (await finish(client, owner.email, code)).status_code == 200
    assert (await finish(client, owner.email, code)).status_code == 401


async def test_of_forty_log_ins_at_once_with_the_right_code_one_succeeds(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    before = len(await rows_of(services, owner, "sessions"))
    answers = await asyncio.gather(*(finish(client, owner.email, code) for _ in range(40)))
    statuses = Counter(answer.status_code for answer in answers)
    assert statuses[200] == 1
    assert set(statuses) <= {200, 400, 401}
    assert len(await rows_of(services, owner, "sessions")) == before + 1


async def test_a_second_log_in_within_a_minute_gets_the_same_answer_and_no_second_mail(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    first = await log_in(client, owner)
    others = await asyncio.gather(*(log_in(client, owner) for _ in range(6)))
    assert {answer.content for answer in others} == {first.content}
    (code,) = await postbox.codes_for(owner.email)
    await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    newest = await challenge(client, postbox, owner)
    assert len(await postbox.codes_for(owner.email)) == 2
    if newest != code:
        assert (await finish(client, owner.email, code)).status_code == 400
    assert (await finish(client, owner.email, newest)).status_code == 200


async def test_somebody_who_signs_in_twice_within_a_minute_gets_a_code_for_each(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    for count in (1, 2):
        code = await challenge(client, postbox, owner)
        assert len(await postbox.codes_for(owner.email)) == count
        assert (await finish(client, owner.email, code)).status_code == 200


async def test_the_twenty_first_code_of_an_hour_is_too_many(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    limit = services.limits.proven_codes(owner.email, "sign in")
    async with directory(services.database) as connection:
        for _ in range(20):
            await take(connection, limit)
    answer = await log_in(client, owner)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0


async def test_another_code_comes_only_while_a_sign_in_waits_for_it(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    plain = await cast.owner()
    answers = [await again(client, email) for email in (make.email("nobody"), plain.email, owner.email)]
    assert await postbox.codes_for(plain.email) == await postbox.codes_for(owner.email) == []
    await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    first = await challenge(client, postbox, owner)
    answers.append(await again(client, f" {owner.email.upper()}"))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    second = (await postbox.codes_for(owner.email))[1]
    if first != second:
        assert (await finish(client, owner.email, first)).status_code == 400
    assert (await finish(client, owner.email, second)).status_code == 200
    await let_pass(services, owner, timedelta(minutes=1, seconds=1))
    await again(client, owner.email)
    assert len(await postbox.codes_for(owner.email)) == 2


async def test_another_code_can_be_had_when_the_first_is_over_and_is_good_for_ten_minutes_again(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    first = await challenge(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=14, seconds=50))
    assert (await finish(client, owner.email, first)).status_code == 401
    await again(client, owner.email)
    code = (await postbox.codes_for(owner.email))[1]
    await let_pass(services, owner, timedelta(minutes=10))
    assert (await finish(client, owner.email, other(code))).status_code == 400
    await let_pass(services, owner, timedelta(seconds=6))
    assert (await finish(client, owner.email, code)).status_code == 401


async def test_no_other_code_comes_later_than_fifteen_minutes_after_the_password(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await challenge(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=10))
    await again(client, owner.email)
    code = (await postbox.codes_for(owner.email))[1]
    await let_pass(services, owner, timedelta(minutes=5, seconds=1))
    await again(client, owner.email)
    assert len(await postbox.codes_for(owner.email)) == 2
    assert (await finish(client, owner.email, code)).status_code == 200
    newest = (await rows_of(services, owner, "sessions"))[-1]
    assert newest["authenticated_at"] < newest["created_at"] - timedelta(minutes=15)


async def test_another_code_that_is_made_late_counts_from_when_it_was_asked_for(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await challenge(client, postbox, owner)
    request = msgspec.json.encode(CodeRequest(id=new_id(), email=owner.email))
    late = [datetime.now(UTC) - delay for delay in (timedelta(minutes=10, seconds=6), timedelta(minutes=9))]
    await let_pass(services, owner, timedelta(minutes=20))
    for asked_at in late:
        await mail_another_code(services, services.outbox.seal(request), asked_at)
    (_, row) = await rows_of(services, owner, "two_factor_codes")
    assert row["expires_at"] == late[1] + timedelta(minutes=10, seconds=5)


async def test_other_codes_come_once_a_minute_and_five_times_an_hour(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    for minute in range(7):
        await challenge(client, postbox, owner)
        before = len(await postbox.codes_for(owner.email))
        for _ in range(3):
            assert (await again(client, owner.email)).status_code == 200
        assert len(await postbox.codes_for(owner.email)) - before == (1 if minute < 5 else 0)
        await let_pass(services, owner, timedelta(minutes=1, seconds=1))


async def test_a_verified_code_is_used_up_and_signs_nobody_in(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    sessions = len(await rows_of(services, owner, "sessions"))
    wrong = await verify(client, owner.email, other(code))
    unknown = await verify(client, make.email("nobody"), code)
    assert (wrong.status_code, wrong.content) == (200, unknown.content)
    assert set(wrong.json()) == {"valid", "message"}
    assert wrong.json()["valid"] is False
    answers = await asyncio.gather(*(verify(client, owner.email, code) for _ in range(10)))
    (right,) = [answer for answer in answers if answer.json()["valid"]]
    assert set(right.json()) == {"valid", "message", "user"}
    assert right.json()["user"]["id"] == str(owner.user_id)
    assert (await finish(client, owner.email, code)).status_code == 401
    assert len(await rows_of(services, owner, "sessions")) == sessions


async def test_a_reset_password_neither_signs_in_nor_spares_the_second_factor_and_voids_codes(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    await forgotten.forgot(client, owner.email)
    reset_code = (await postbox.codes_for(owner.email))[1]
    if code != reset_code:
        assert (await finish(client, owner.email, reset_code)).status_code == 400
        assert (await forgotten.reset(client, owner.email, code)).status_code == 400
    done = await forgotten.reset(client, owner.email, reset_code)
    assert done.status_code == 200
    assert set(done.json()) == {"message"}
    assert await is_over(client, owner)
    assert (await finish(client, owner.email, code)).status_code == 401
    owner.password = forgotten.NEW
    assert (await finish(client, owner.email, await challenge(client, postbox, owner))).status_code == 200


async def test_a_user_who_is_deactivated_meanwhile_does_not_get_in(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    await cast.deactivate(owner)
    assert (await verify(client, owner.email, code)).json()["valid"] is False
    refused = await finish(client, owner.email, code)
    assert refused.status_code == 401
    assert "deactivated" in refused.json()["message"]


async def test_switching_the_second_factor_off_voids_its_codes(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    assert (await change(client, owner, twoFactorEnabled=False)).json()["twoFactorEnabled"] is False
    assert (await finish(client, owner.email, code)).status_code == 401
    assert "accessToken" in (await log_in(client, owner)).json()


async def test_what_a_session_has_proven_is_as_old_as_the_password(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    (row,) = await rows_of(services, owner, "two_factor_codes")
    await let_pass(services, owner, timedelta(minutes=9))
    assert (await finish(client, owner.email, code)).status_code == 200
    newest = (await rows_of(services, owner, "sessions"))[-1]
    assert newest["authenticated_at"] == row["challenge_at"] - timedelta(minutes=9)


async def test_a_colleague_has_a_second_factor_of_their_own(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    colleague, code = await cast.sub_user(owner), await challenge(client, postbox, owner)
    assert (await change(client, colleague, twoFactorEnabled=True)).status_code == 200
    theirs = await challenge(client, postbox, colleague)
    if theirs != code:
        assert (await finish(client, colleague.email, code)).status_code == 400
    assert (await finish(client, colleague.email, theirs)).status_code == 200
    assert (await finish(client, owner.email, code)).status_code == 200


async def test_a_code_stands_in_the_database_as_a_keyed_digest_only(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    code = await challenge(client, postbox, owner)
    (row,) = await rows_of(services, owner, "two_factor_codes")
    assert row["otp"] == services.codes.seal(code, "sign in", owner.user_id)
    assert f"'{code}'" not in repr(row)


async def test_every_step_is_a_security_event_without_a_secret(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    with capture_logs() as lines:
        code = await challenge(client, postbox, owner)
        await finish(client, owner.email, other(code))
        await finish(client, owner.email, code)
        await finish(client, make.email("nobody"), code)
    events = [(line["event"], line["outcome"]) for line in lines if line.get("kind") == "security"]
    assert events == [
        ("second_factor_asked", "ok"),
        ("second_factor", "refused"),
        ("log_in", "ok"),
        ("second_factor", "refused"),
    ]
    assert owner.email not in str([line for line in lines if line.get("kind") == "security"])


async def test_the_second_factor_may_be_tried_from_one_address_as_often_as_a_log_in(
    app: Edge, client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    limit = services.limits.log_ins_from("203.0.113.7")
    async with tenant(services.database, owner.account_id) as connection:
        used = "select coalesce((select used_count from throttles where key = $1), 0)"
        before = await connection.fetchval(used, limit.key)
        await finish(client, owner.email, "123456")
        assert await connection.fetchval(used, limit.key) in (before + 1, 1)  # 1 where a new minute began
    assert (await client.post(VERIFY, json={"email": owner.email})).status_code == 400
