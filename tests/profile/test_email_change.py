"""Another e-mail address: at once for whoever has just proven their password, else once its code is entered."""

import asyncio
from collections import Counter
from datetime import timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.auth.queries import hold_user, revoke_sessions
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.worker.schedule import purge_sign_ins
from tests import make
from tests.auth.forgotten import a_code, other, reset
from tests.auth.signed_in import grow_stale, is_over, is_signed_in
from tests.cast import Actor, Cast
from tests.postbox import Postbox
from tests.profile.changing import CONFIRM, PENDING, change, changed, confirm, let_pass, read
from tests.worker.running import until_somebody_waits


@pytest.fixture
async def owner(cast: Cast, services: Services) -> Actor:
    """An owner whose session is too old to prove anything."""
    actor = await cast.owner()
    await grow_stale(services, actor)
    return actor


async def logs_in(client: httpx.AsyncClient, email: str, password: str = make.PASSWORD) -> bool:
    answer = await client.post("/api/auth/login", json={"email": email, "password": password})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


async def asked(client: httpx.AsyncClient, postbox: Postbox, actor: Actor) -> tuple[str, str]:
    """Ask for another address; return it and the code that was mailed to it."""
    address = make.email("new")
    assert (await changed(client, actor, email=address))["pendingEmail"] == address
    return address, await postbox.code_for(address)


async def test_nobody_confirms_or_withdraws_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.post(CONFIRM, json={"otp": "000000"})).status_code == 401
    assert (await client.delete(PENDING)).status_code == 401


async def test_an_old_session_is_not_enough_and_the_old_address_goes_on(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    address = make.email("new")
    answer = await changed(client, owner, email=address, fullName="Asha R. Rao")
    assert (answer["email"], answer["pendingEmail"], answer["fullName"]) == (owner.email, address, "Asha R. Rao")
    profile = await read(client, owner)
    assert (profile["email"], profile["pendingEmail"]) == (owner.email, address)
    assert await logs_in(client, owner.email)
    assert not await logs_in(client, address)
    (notice,) = await postbox.mails_to(owner.email)
    assert address in notice
    assert await postbox.codes_for(owner.email) == []
    assert len(await postbox.codes_for(address)) == 1


async def test_the_code_finishes_it_and_ends_the_other_sessions(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    elsewhere = await cast.log_in(owner)
    address, code = await asked(client, postbox, owner)
    assert (await confirm(client, owner, code)).status_code == 200
    profile = await read(client, owner)
    assert profile["email"] == address
    assert "pendingEmail" not in profile
    assert await is_over(client, elsewhere)
    assert await logs_in(client, address)
    assert not await logs_in(client, owner.email)
    assert address in (await postbox.mails_to(owner.email))[-1]
    assert (await confirm(client, owner, code)).status_code == 400


async def test_a_young_session_changes_it_at_once(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    fresh, address = await cast.log_in(owner), make.email("new")
    answer = await changed(client, fresh, email=address)
    assert answer["email"] == address
    assert "pendingEmail" not in answer
    assert await is_over(client, owner)
    assert await is_signed_in(client, fresh.token)
    assert await logs_in(client, address)
    (notice,) = await postbox.mails_to(owner.email)
    assert address in notice
    assert await postbox.mails_to(address) == []


async def test_the_password_changes_it_at_once(client: httpx.AsyncClient, owner: Actor) -> None:
    address = make.email("new")
    assert (await changed(client, owner, email=address, currentPassword=owner.password))["email"] == address


async def test_a_wrong_password_changes_nothing_and_counts(client: httpx.AsyncClient, owner: Actor) -> None:
    before, body = await read(client, owner), {"email": make.email("new"), "currentPassword": "a wrong passphrase"}
    answers = [await change(client, owner, fullName="Eve", **body) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert await read(client, owner) == before
    log_in = {"email": owner.email, "password": owner.password}
    assert (await client.post("/api/auth/login", json=log_in)).status_code == 429


async def test_open_codes_to_reset_the_password_become_useless(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    code, address = await a_code(client, postbox, owner), make.email("new")
    await changed(client, owner, email=address, currentPassword=owner.password)
    for email in (owner.email, address):
        assert (await reset(client, email, code)).status_code == 400


async def test_ones_own_address_in_another_spelling_is_no_change(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    answer = await changed(client, owner, email=owner.email.upper())
    assert answer["email"] == owner.email
    assert "pendingEmail" not in answer
    assert await postbox.mails_to(owner.email) == []


async def test_an_address_of_somebody_else_is_taken(cast: Cast, client: httpx.AsyncClient, owner: Actor) -> None:
    stranger, colleague = await cast.owner(), await cast.sub_user(owner)
    for actor in (owner, await cast.log_in(owner)):
        for email in (stranger.email, colleague.email.upper()):
            answer = await change(client, actor, email=email, fullName="Eve")
            assert answer.status_code == 409
    assert (await read(client, owner))["fullName"] == "Asha Rao"


async def test_an_address_that_is_taken_before_the_code_is_entered_stays_theirs(
    cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    address, code = await asked(client, postbox, owner)
    await cast.owner(email=address)
    assert (await confirm(client, owner, code)).status_code == 409
    assert (await read(client, owner))["email"] == owner.email


async def test_of_ten_users_who_want_one_address_at_once_one_gets_it(cast: Cast, client: httpx.AsyncClient) -> None:
    address, actors = make.email("wanted"), [await cast.owner() for _ in range(10)]
    answers = await asyncio.gather(*(change(client, actor, email=address) for actor in actors))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    emails = [(await read(client, actor))["email"] for actor in actors]
    assert emails.count(address) == 1


async def test_a_code_allows_five_wrong_guesses_however_they_come(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    _, code = await asked(client, postbox, owner)
    answers = await asyncio.gather(*(confirm(client, owner, other(code, by)) for by in range(1, 21)))
    assert {answer.status_code for answer in answers} == {400}
    assert (await confirm(client, owner, code)).status_code == 400
    assert (await read(client, owner))["email"] == owner.email


async def test_after_four_wrong_guesses_the_right_one_still_counts(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    address, code = await asked(client, postbox, owner)
    for by in range(1, 5):
        assert (await confirm(client, owner, other(code, by))).status_code == 400
    assert (await confirm(client, owner, code)).status_code == 200
    assert (await read(client, owner))["email"] == address


async def test_of_the_right_code_forty_times_at_once_one_counts(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    _, code = await asked(client, postbox, owner)
    answers = await asyncio.gather(*(confirm(client, owner, code) for _ in range(40)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 39}


async def test_a_code_is_its_users_alone(cast: Cast, client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    _, code = await asked(client, postbox, owner)
    for actor in (await cast.owner(), await cast.sub_user(owner)):
        assert (await confirm(client, actor, code)).status_code == 400
    assert (await reset(client, owner.email, code)).status_code == 400
    assert (await confirm(client, owner, code)).status_code == 200


async def test_only_the_newest_code_counts(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    _, first = await asked(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=1))
    address, second = await asked(client, postbox, owner)
    if first != second:
        assert (await confirm(client, owner, first)).status_code == 400
    assert (await confirm(client, owner, second)).status_code == 200
    assert (await read(client, owner))["email"] == address


async def test_a_code_lives_an_hour(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    _, code = await asked(client, postbox, owner)
    await let_pass(services, owner, timedelta(minutes=61))
    assert "pendingEmail" not in await read(client, owner)
    assert (await confirm(client, owner, code)).status_code == 400


async def test_what_is_withdrawn_is_over(client: httpx.AsyncClient, postbox: Postbox, owner: Actor) -> None:
    _, code = await asked(client, postbox, owner)
    for _ in range(2):
        assert (await client.delete(PENDING, headers=owner.headers)).status_code == 200
    assert "pendingEmail" not in await read(client, owner)
    assert (await confirm(client, owner, code)).status_code == 400


async def test_a_form_sent_twice_mails_one_code(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    address, _ = await asked(client, postbox, owner)
    assert (await changed(client, owner, email=address))["pendingEmail"] == address
    assert len(await postbox.codes_for(address)) == 1
    assert (await change(client, owner, email=make.email("new"))).status_code == 429
    await let_pass(services, owner, timedelta(minutes=1), address)
    await changed(client, owner, email=address)
    assert len(await postbox.codes_for(address)) == 2


async def test_five_codes_an_hour_are_mailed_to_an_address_by_whomever(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox
) -> None:
    address, answers = make.email("victim"), []
    for _ in range(6):
        actor = await cast.owner()
        await grow_stale(services, actor)
        answers.append((await change(client, actor, email=address)).status_code)
    assert answers == [200] * 5 + [429]
    assert len(await postbox.codes_for(address)) == 5


async def test_ten_changes_an_hour_are_made_at_once(cast: Cast, client: httpx.AsyncClient) -> None:
    fresh = await cast.owner()
    answers = [(await change(client, fresh, email=make.email("new"))).status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


async def test_a_password_set_meanwhile_leaves_nothing_to_an_old_session(
    client: httpx.AsyncClient, postbox: Postbox, owner: Actor
) -> None:
    _, code = await asked(client, postbox, owner)
    assert (await reset(client, owner.email, await a_code(client, postbox, owner))).status_code == 200
    assert (await confirm(client, owner, code)).status_code == 401


async def test_a_password_set_while_a_code_is_judged_leaves_nothing_to_an_old_session(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    address, code = await asked(client, postbox, owner)
    async with tenant(services.database, owner.account_id) as resetting:
        await hold_user(resetting, owner.account_id, owner.user_id)
        confirming = asyncio.create_task(confirm(client, owner, code))
        await until_somebody_waits(services.database)
        await revoke_sessions(resetting, owner.account_id, owner.user_id, "password reset")
    assert (await confirming).status_code == 401
    assert await logs_in(client, owner.email)
    assert not await logs_in(client, address)


async def test_thirty_questions_an_hour_after_other_addresses_are_answered(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    taken = (await cast.owner()).email
    answers = [(await change(client, owner, email=taken)).status_code for _ in range(31)]
    assert answers == [409] * 30 + [429]
    assert (await change(client, owner, email=owner.email, fullName="Asha")).status_code == 200


async def test_a_sub_users_address_is_theirs_to_change(
    cast: Cast, client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    colleague = await cast.sub_user(owner)
    await grow_stale(services, colleague)
    address, code = await asked(client, postbox, colleague)
    assert (await confirm(client, colleague, code)).status_code == 200
    assert (await read(client, colleague))["email"] == address
    assert (await read(client, owner))["email"] == owner.email


async def test_what_ended_is_forgotten_after_a_day(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    await asked(client, postbox, owner)
    count = "select count(*) from email_changes where account_id = $1"
    for hours, left in ((24, 1), (1, 0)):
        await let_pass(services, owner, timedelta(hours=hours, seconds=1))
        await purge_sign_ins(services.database)
        async with tenant(services.database, owner.account_id) as connection:
            assert await connection.fetchval(count, owner.account_id) == left


async def test_neither_code_nor_address_is_stored_or_logged_in_clear(
    client: httpx.AsyncClient, services: Services, postbox: Postbox, owner: Actor
) -> None:
    with capture_logs() as lines:
        address, code = await asked(client, postbox, owner)
        await confirm(client, owner, other(code))
    async with tenant(services.database, owner.account_id) as connection:
        stored = await connection.fetchval("select otp from email_changes where account_id = $1", owner.account_id)
    assert len(stored) == 64
    assert [line["outcome"] for line in lines if line["event"] == "email_change"] == ["pending", "refused"]
    assert address not in str(lines)
    assert not any(code in str(value) for line in lines for key, value in line.items() if not key.endswith("_id"))
