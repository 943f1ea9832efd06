"""A forgotten password: nobody learns who has an account, codes cannot be guessed, and a reset ends every session."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth import recovery
from leadconnect.auth.models import CodeRequest
from leadconnect.auth.services import Services
from leadconnect.edge.middleware import Edge
from leadconnect.identifiers import new_id
from tests import make
from tests.auth.counting import counted_statements
from tests.auth.forgotten import NEW, RESET, VERIFY, a_code, can_log_in, forgot, other, reset, verify
from tests.cast import Actor, Cast
from tests.postbox import Postbox


async def test_a_mailed_code_sets_a_new_password(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    code = await a_code(client, postbox, owner)
    verdict = await verify(client, owner.email, code)
    assert verdict.status_code == 200
    assert verdict.json()["valid"] is True
    done = await reset(client, owner.email, code)
    assert done.status_code == 200
    assert await can_log_in(client, owner, NEW)
    assert not await can_log_in(client, owner, owner.password)
    profile = await client.get("/api/profile/preferences", headers=owner.headers)
    assert profile.status_code == 401


async def test_address_and_code_are_taken_as_they_were_pasted(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    pasted = f" \u200b{owner.email}\r\n"
    assert (await forgot(client, pasted)).status_code == 200
    code = await postbox.code_for(owner.email)
    written = f" {code[:3]} {code[3:]}\n"
    assert (await verify(client, pasted, written)).json()["valid"] is True
    assert (
        await reset(client, pasted, f"{code[:3]}-{code[3:]}", password="  with blanks around it ")
    ).status_code == 200
    assert not await can_log_in(client, owner, "with blanks around it")
    assert await can_log_in(client, owner, "  with blanks around it ")
    owner.email = pasted
    assert await can_log_in(client, owner, "  with blanks around it ")


async def test_the_answer_to_a_reset_signs_nobody_in(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    done = await reset(client, owner.email, await a_code(client, postbox, owner))
    assert set(done.json()) == {"message"}
    assert "set-cookie" not in done.headers


async def test_a_reset_ends_every_session_on_every_device(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    devices = [owner, await cast.log_in(owner), await cast.log_in(owner)]
    bystander = await cast.sub_user(owner)
    assert (await reset(client, owner.email, await a_code(client, postbox, owner))).status_code == 200
    for device in devices:
        assert (await client.get("/api/users/me", headers=device.headers)).status_code == 401
        again = await client.post("/api/auth/refresh", json={"refreshToken": device.refresh_token})
        assert again.status_code == 401
    assert (await client.get("/api/users/me", headers=bystander.headers)).status_code == 200


async def test_the_user_is_told_once_that_the_password_was_changed(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    await reset(client, owner.email, await a_code(client, postbox, owner))
    mails = await postbox.mails_to(owner.email)
    assert len(mails) == 2
    assert "password" in mails[1].lower()
    assert NEW not in mails[1]


async def test_the_date_of_the_change_is_shown(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    before = await client.get("/api/profile/preferences", headers=owner.headers)
    assert before.json()["security"]["lastPasswordChange"] is None
    await reset(client, owner.email, await a_code(client, postbox, owner))
    owner.password = NEW
    after = await client.get("/api/profile/preferences", headers=(await cast.log_in(owner)).headers)
    assert after.json()["security"]["lastPasswordChange"].endswith("Z")


async def test_known_unknown_and_inactive_addresses_get_the_same_answer_at_the_same_cost(
    app: Edge, cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    inactive, nobody = await cast.owner(), make.email("nobody")
    await cast.deactivate(inactive)
    seen = []
    for email in (owner.email, nobody, inactive.email):
        with counted_statements(app) as statements:
            answer = await forgot(client, email)
        seen.append((answer.status_code, answer.content, statements))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 200
    assert len(seen[0][2]) >= 3
    assert len(await postbox.codes_for(owner.email)) == 1
    assert await postbox.mails_to(nobody) == []
    assert await postbox.mails_to(inactive.email) == []


async def test_a_wrong_code_and_an_unknown_address_get_the_same_answer_at_the_same_cost(
    app: Edge, client: httpx.AsyncClient, postbox: Postbox, owner: Actor, cast: Cast
) -> None:
    code, without_code, nobody = await a_code(client, postbox, owner), await cast.owner(), make.email("nobody")
    for call, status in ((verify, 200), (reset, 400)):
        seen = []
        for email in (owner.email, without_code.email, nobody):
            with counted_statements(app) as statements:
                answer = await call(client, email, other(code))
            seen.append((answer.status_code, answer.content, statements))
        assert seen[0] == seen[1] == seen[2]
        assert seen[0][0] == status
    assert json.loads(seen[0][1])["statusCode"] == 400
    verdict = (await verify(client, nobody, code)).json()
    assert set(verdict) == {"valid", "message"}
    assert verdict["valid"] is False


async def test_a_reset_opens_a_log_in_that_was_guessed_shut(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    credentials = {"email": owner.email, "password": "a wrong passphrase"}
    statuses = [(await client.post("/api/auth/login", json=credentials)).status_code for _ in range(11)]
    assert statuses[-1] == 429
    assert (await reset(client, owner.email, await a_code(client, postbox, owner))).status_code == 200
    assert await can_log_in(client, owner, NEW)


async def test_a_reset_takes_the_password_exactly_and_by_the_rules(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    for bad in ("7 chars", "password1", owner.email, "x" * 1025):
        answer = await reset(client, owner.email, code, bad)
        assert answer.status_code == 400
        assert isinstance(answer.json()["message"], list)
    assert (await reset(client, owner.email, code, "  blanks around  ")).status_code == 200
    assert not await can_log_in(client, owner, "blanks around")
    assert await can_log_in(client, owner, "  blanks around  ")


async def test_two_different_passwords_are_refused_and_cost_no_guess(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    body = {"email": owner.email, "otp": code, "newPassword": NEW, "confirmPassword": NEW + "!"}
    for _ in range(6):
        answer = await client.post(RESET, json=body)
        assert answer.status_code == 400
        assert answer.json()["message"] == ["confirmPassword must equal the password"]
    assert (await reset(client, owner.email, code)).status_code == 200


@pytest.mark.parametrize("otp", ["12345", "1234567", 123456, "", None, "12 456\n"])
async def test_a_code_has_six_characters(client: httpx.AsyncClient, owner: Actor, otp: object) -> None:
    answer = await client.post(VERIFY, json={"email": owner.email, "otp": otp})
    assert answer.status_code == 400
    assert answer.json()["message"]


async def test_a_deactivated_user_cannot_reset(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    await cast.deactivate(owner)
    assert (await reset(client, owner.email, code)).status_code == 400
    assert (await verify(client, owner.email, code)).json()["valid"] is False


async def test_the_mail_goes_to_the_address_of_the_sign_up_however_it_is_asked_for(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    await forgot(client, owner.email.upper().replace("E", "ｅ"))
    assert len(await postbox.codes_for(owner.email)) == 1


async def test_a_job_that_runs_twice_mails_one_code(services: Services, postbox: Postbox, owner: Actor) -> None:
    request = CodeRequest(id=new_id(), email=owner.email)
    payload = services.outbox.seal(json.dumps({"id": str(request.id), "email": request.email}).encode())
    for _ in range(2):
        await recovery.mail_code(services, payload, datetime.now(UTC))
    assert len(await postbox.codes_for(owner.email)) == 1


async def test_a_wish_that_waited_ten_minutes_is_dropped(services: Services, postbox: Postbox, owner: Actor) -> None:
    payload = services.outbox.seal(json.dumps({"id": str(new_id()), "email": owner.email}).encode())
    await recovery.mail_code(services, payload, datetime.now(UTC) - timedelta(minutes=10, seconds=1))
    assert await postbox.mails_to(owner.email) == []


async def test_every_reset_is_a_security_event_without_the_code(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code = await a_code(client, postbox, owner)
    with capture_logs() as lines:
        await reset(client, owner.email, other(code))
        await reset(client, owner.email, code)
    events = [line for line in lines if line["event"] == "password_reset"]
    assert [event["outcome"] for event in events] == ["refused", "ok"]
    assert events[1]["user_id"] == str(owner.user_id)
    assert not [line for line in lines if code in str(line.values()) or NEW in str(line)]


async def test_a_form_that_is_sent_twice_resets_once(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    code = await a_code(client, postbox, owner)
    answers = await asyncio.gather(*(reset(client, owner.email, code) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [200, 400]
    assert await can_log_in(client, owner, NEW)
