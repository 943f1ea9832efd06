"""Logging in tells nobody who has an account, and compares passwords exactly as sent."""

import asyncio
from collections import Counter
from uuid import UUID

import bcrypt
import httpx
import pytest
from structlog.testing import capture_logs

from leadconnect.accounts import queries as accounts
from leadconnect.auth import queries
from leadconnect.auth.credentials.passwords import PasswordHasher
from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.edge.middleware import Edge
from leadconnect.settings import Settings
from tests import make
from tests.auth.counting import counted_statements, services_of
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app
from tests.worker.running import until_somebody_waits

LOG_IN = "/api/auth/login"
CHANGING_HEADERS = {"x-request-id", "date"}


async def log_in(client: httpx.AsyncClient, email: str, password: str) -> httpx.Response:
    return await client.post(LOG_IN, json={"email": email, "password": password})


async def stored_password(services: Services, actor: Actor) -> str:
    async with tenant(services.database, actor.account_id) as connection:
        found: str = await connection.fetchval(
            "select password from users where account_id = $1 and id = $2", actor.account_id, actor.user_id
        )
        return found


async def store_password(services: Services, actor: Actor, stored: str) -> None:
    async with tenant(services.database, actor.account_id) as connection:
        await accounts.set_password(connection, actor.account_id, actor.user_id, stored)


def seen(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return everything of an answer that does not differ between any two requests."""
    headers = {name: value for name, value in answer.headers.items() if name not in CHANGING_HEADERS}
    return answer.status_code, answer.content, headers


async def test_log_in_answers_200_in_the_shape_of_sign_up(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await log_in(client, owner.email, owner.password)
    assert answer.status_code == 200
    assert set(answer.json()) == {"accessToken", "refreshToken", "expiresIn", "user"}
    assert answer.json()["user"] == {
        "id": str(owner.user_id),
        "email": owner.email,
        "fullName": "Asha Rao",
        "role": "Management",
        "companyName": "Rao Traders",
    }


async def test_unknown_wrong_and_inactive_get_the_same_bytes(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    inactive = await cast.owner()
    await cast.deactivate(inactive)
    unknown = await log_in(client, make.email("nobody"), "a wrong passphrase")
    wrong = await log_in(client, owner.email, "a wrong passphrase")
    stopped = await log_in(client, inactive.email, "a wrong passphrase")
    assert unknown.status_code == 401
    assert unknown.json() == {
        "message": "Invalid email or password",
        "error": "Unauthorized",
        "statusCode": 401,
        "code": "wrong_credentials",
    }
    assert seen(unknown) == seen(wrong) == seen(stopped)


async def test_unknown_wrong_and_inactive_cost_the_same_statements_and_one_hash(
    app: Edge, cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    inactive = await cast.owner()
    await cast.deactivate(inactive)
    costs = []
    for email in (make.email("nobody"), owner.email, inactive.email):
        hashes_before = services_of(app).hasher.hashes_computed
        with counted_statements(app) as statements:
            assert (await log_in(client, email, "a wrong passphrase")).status_code == 401
        costs.append((statements, services_of(app).hasher.hashes_computed - hashes_before))
    assert costs[0] == costs[1] == costs[2]
    assert len(costs[0][0]) >= 3
    assert costs[0][1] == 1


async def test_only_the_right_password_tells_that_a_user_is_inactive(
    cast: Cast, client: httpx.AsyncClient, owner: Actor
) -> None:
    await cast.deactivate(owner)
    answer = await log_in(client, owner.email, owner.password)
    assert answer.status_code == 401
    assert "deactivated" in answer.json()["message"]


async def test_a_deleted_user_is_unknown(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute("update users set deleted_at = now() where account_id = $1", owner.account_id)
    answer = await log_in(client, owner.email, owner.password)
    assert seen(answer) == seen(await log_in(client, make.email("nobody"), owner.password))


async def test_blanks_and_case_of_a_password_count(cast: Cast, client: httpx.AsyncClient) -> None:
    owner = await cast.owner(password="  Ein Geheimnis  ")
    for wrong in ("Ein Geheimnis", "  ein geheimnis  ", "  Ein Geheimnis", "  EIN GEHEIMNIS  ", "  Ein  Geheimnis  "):
        assert (await log_in(client, owner.email, wrong)).status_code == 401, wrong
    assert (await log_in(client, owner.email, "  Ein Geheimnis  ")).status_code == 200


async def test_a_password_of_200_bytes_counts_to_its_end(cast: Cast, client: httpx.AsyncClient) -> None:
    password = "0123456789" * 19 + "the end!!!"
    owner = await cast.owner(password=password)
    assert (await log_in(client, owner.email, password)).status_code == 200
    assert (await log_in(client, owner.email, password[:72] + "x" * 128)).status_code == 401
    assert (await log_in(client, owner.email, password[:72])).status_code == 401


async def test_an_endless_password_is_refused_before_it_is_hashed_or_counted(
    app: Edge, client: httpx.AsyncClient, owner: Actor
) -> None:
    before = services_of(app).hasher.hashes_computed
    with counted_statements(app) as statements:
        assert (await log_in(client, owner.email, "x" * 1025)).status_code == 400
    assert statements == []
    assert services_of(app).hasher.hashes_computed == before


@pytest.mark.parametrize(
    "body",
    [
        {"email": "a@example.com"},
        {"email": "a@example.com", "password": 12345678},
        {"email": "a@example.com", "password": ""},
        {"email": "a@example.com", "password": None},
        {"email": "no address", "password": "a passphrase"},
        {"email": ["a@example.com"], "password": "a passphrase"},
        {"email": "a@example.com", "password": "a passphrase", "remember": True},
    ],
)
async def test_what_is_no_log_in_is_refused_with_a_list(client: httpx.AsyncClient, body: dict[str, object]) -> None:
    answer = await client.post(LOG_IN, json=body)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


async def test_an_old_short_password_still_logs_in(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    await store_password(services, owner, await services.hasher.hash("abc123"))
    assert (await log_in(client, owner.email, "abc123")).status_code == 200


async def test_a_password_stored_by_the_old_system_logs_in_and_is_hashed_anew(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await store_password(services, owner, bcrypt.hashpw(b"old password", bcrypt.gensalt(4, b"2a")).decode())
    assert (await log_in(client, owner.email, "Old password")).status_code == 401
    assert (await log_in(client, owner.email, "old password")).status_code == 200
    assert (await stored_password(services, owner)).startswith("lc1$2b$04$")
    assert (await log_in(client, owner.email, "old password")).status_code == 200


async def test_another_cost_in_the_settings_reaches_a_user_with_the_next_log_in(
    settings: Settings, services: Services, owner: Actor
) -> None:
    assert (await stored_password(services, owner)).startswith("lc1$2b$04$")
    for change, prefix in (({"bcrypt_rounds": 5}, "lc1$2b$05$"), ({"password_hash": "argon2id"}, "lc1$argon2id$")):
        async with running_app(changed(settings, **change)) as app, client_of(app) as client:
            assert (await log_in(client, owner.email, "wrong passphrase")).status_code == 401
            assert not (await stored_password(services, owner)).startswith(prefix)
            assert (await log_in(client, owner.email, owner.password)).status_code == 200
            assert (await stored_password(services, owner)).startswith(prefix)


async def test_log_ins_at_once_all_succeed_while_the_password_is_hashed_anew(settings: Settings, owner: Actor) -> None:
    async with running_app(changed(settings, bcrypt_rounds=5)) as app, client_of(app) as client:
        answers = await asyncio.gather(*(log_in(client, owner.email, owner.password) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8


async def test_a_log_in_does_not_outlive_a_password_that_is_changed_meanwhile(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    async with tenant(services.database, owner.account_id) as changing:
        await accounts.set_password(
            changing, owner.account_id, owner.user_id, await services.hasher.hash("a new passphrase")
        )
        await accounts.note_password_change(changing, owner.account_id, owner.user_id)
        overlapping = asyncio.create_task(log_in(client, owner.email, owner.password))
        await until_somebody_waits(services.database)
        await queries.revoke_sessions(changing, owner.account_id, owner.user_id, "password changed")
    assert (await overlapping).status_code == 401
    async with tenant(services.database, owner.account_id) as connection:
        assert await queries.live_sessions(connection, owner.account_id, owner.user_id) == []


async def test_when_too_many_passwords_wait_the_rest_is_sent_away_and_not_counted(
    settings: Settings, services: Services, address: str
) -> None:
    slow = changed(settings, bcrypt_rounds=11, hash_queue_wait=0.2)
    emails = [make.email("crowd") for _ in range(24)]
    async with running_app(slow) as app, client_of(app, address) as crowd:
        waiting = [asyncio.create_task(log_in(crowd, email, "a wrong passphrase")) for email in emails]
        assert (await crowd.get("/health/live")).status_code == 200
        answers = await asyncio.gather(*waiting)
    found = Counter(answer.status_code for answer in answers)
    assert set(found) == {401, 503}
    busy = [(email, answer) for email, answer in zip(emails, answers, strict=True) if answer.status_code == 503]
    for email, answer in busy:
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["error"] == "Service Unavailable"
        for limit in (services.limits.log_in(email, address), services.limits.log_in_from_anywhere(email)):
            assert await used_count(services, limit.key) == 0


async def used_count(services: Services, key: str) -> int | None:
    async with services.database.acquire() as connection:
        found: int | None = await connection.fetchval("select used_count from throttles where key = $1", key)
        return found


async def test_every_outcome_is_a_security_event_without_a_secret(client: httpx.AsyncClient, owner: Actor) -> None:
    with capture_logs() as lines:
        await log_in(client, owner.email, owner.password)
        await log_in(client, owner.email, "a wrong passphrase")
        await log_in(client, make.email("nobody"), "a wrong passphrase")
    events = [line for line in lines if line["event"] == "log_in"]
    assert [event["outcome"] for event in events] == ["ok", "refused", "refused"]
    assert events[0]["account_id"] == str(owner.account_id)
    assert [event["user_id"] for event in events] == [str(owner.user_id), str(owner.user_id), None]
    for secret in (owner.email, owner.password, "a wrong passphrase"):
        assert secret not in str(lines)


async def test_what_is_stored_of_a_password_is_neither_it_nor_sent(
    cast: Cast, client: httpx.AsyncClient, services: Services, settings: Settings
) -> None:
    owner = await cast.owner()
    stored = await stored_password(services, owner)
    assert owner.password not in stored
    assert await PasswordHasher(settings).verify(owner.password, stored)
    for path in ("/api/profile", "/api/users/me", "/api/users", "/api/auth/sessions"):
        answer = await client.get(path, headers=owner.headers)
        assert answer.status_code == 200
        assert stored not in answer.text
        assert "password" not in answer.text.lower()


async def test_ids_are_the_same_everywhere(client: httpx.AsyncClient, owner: Actor) -> None:
    assert UUID(str(owner.user_id)).version == 7
    signed_in = (await log_in(client, owner.email, owner.password)).json()
    for path in ("/api/profile", "/api/users/me", f"/api/users/{owner.user_id}"):
        assert (await client.get(path, headers=owner.headers)).json()["id"] == signed_in["user"]["id"]
