"""The inbox: a user's own notifications, page by page, read and unread."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from leadconnect.auth.services import Services
from leadconnect.database.transaction import tenant
from leadconnect.identifiers import new_id
from leadconnect.mail.announcements import Kind
from leadconnect.notifications import queries
from leadconnect.notifications.wording import Words
from leadconnect.worker.schedule import purge_notifications
from tests.cast import Actor, Cast
from tests.notifications.notified import INBOX, inbox, kinds

READ = "/api/notifications/read"
NO_ID = "01920000-0000-7000-8000-000000000000"


async def put(services: Services, actor: Actor, *titles: str, kind: Kind = Kind.NEW_LEAD) -> None:
    """Put notifications into the inbox of a user, one after the other."""
    async with tenant(services.database, actor.account_id) as connection:
        for title in titles:
            recipients = [(actor.user_id, kind, Words(title, f"About {title}"))]
            await queries.insert(connection, actor.account_id, f"{kind}:{new_id()}", None, recipients)


async def mark(client: httpx.AsyncClient, actor: Actor, body: dict[str, Any] | None = None) -> int:
    answer = await client.post(READ, json=body, headers=actor.headers)
    assert answer.status_code == 200, answer.text
    assert list(answer.json()) == ["updated"]
    found: int = answer.json()["updated"]
    return found


async def unread(client: httpx.AsyncClient, actor: Actor) -> int:
    found: int = (await client.get(INBOX, headers=actor.headers)).json()["meta"]["unreadCount"]
    return found


async def test_an_inbox_is_empty_at_first(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.get(INBOX, headers=owner.headers)
    assert answer.json() == {"data": [], "meta": {"nextCursor": None, "unreadCount": 0}}


async def test_a_notification_has_these_fields(client: httpx.AsyncClient, services: Services, owner: Actor) -> None:
    await put(services, owner, "Ravi")
    (row,) = await inbox(client, owner)
    assert list(row) == ["id", "kind", "title", "body", "leadId", "createdAt", "readAt"]
    assert (row["kind"], row["title"], row["body"], row["leadId"]) == ("new_lead", "Ravi", "About Ravi", None)
    assert row["createdAt"].endswith("Z")
    assert row["readAt"] is None


async def test_pages_have_each_notification_once_newest_first_while_others_arrive(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await put(services, owner, *(str(number) for number in range(7)))
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        answer = (await client.get(INBOX, params=query, headers=owner.headers)).json()
        seen += [row["title"] for row in answer["data"]]
        await put(services, owner, "later")
        if answer["meta"]["nextCursor"] is None:
            break
        query["cursor"] = answer["meta"]["nextCursor"]
    assert seen == ["6", "5", "4", "3", "2", "1", "0"]
    assert await unread(client, owner) == 10


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "x"}, {"page": 2}, {"cursor": f"{NO_ID}0"}],
)
async def test_a_wrong_query_is_400(client: httpx.AsyncClient, owner: Actor, query: dict[str, Any]) -> None:
    answer = await client.get(INBOX, params=query, headers=owner.headers)
    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], list)


async def test_those_whose_ids_are_sent_are_read_and_then_all(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await put(services, owner, "a", "b", "c", "d")
    ids = [row["id"] for row in await inbox(client, owner)]
    assert await mark(client, owner, {"ids": ids[:2]}) == 2
    assert await mark(client, owner, {"ids": [*ids[:3], ids[2], NO_ID]}) == 1
    assert await mark(client, owner, {"ids": []}) == 0
    assert [row["readAt"] is None for row in await inbox(client, owner)] == [False, False, False, True]
    assert await mark(client, owner) == 1
    assert await mark(client, owner, {"ids": None}) == 0
    assert await unread(client, owner) == 0


async def test_two_simultaneous_reads_are_counted_once(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await put(services, owner, *"abcde")
    assert sum(await asyncio.gather(*(mark(client, owner) for _ in range(5)))) == 5


@pytest.mark.parametrize("body", [{"ids": "all"}, {"ids": ["x"]}, {"ids": [1]}, {"all": True}, {"ids": [None]}])
async def test_a_wrong_body_is_400(client: httpx.AsyncClient, owner: Actor, body: dict[str, Any]) -> None:
    answer = await client.post(READ, json=body, headers=owner.headers)
    assert answer.status_code == 400


async def test_no_user_sees_or_reads_the_notifications_of_others(
    client: httpx.AsyncClient, cast: Cast, services: Services, owner: Actor
) -> None:
    await put(services, owner, "mine")
    (row,) = await inbox(client, owner)
    for other in (await cast.sub_user(owner), await cast.owner()):
        assert await inbox(client, other) == []
        assert await mark(client, other, {"ids": [row["id"]]}) == 0
        assert await mark(client, other) == 0
        assert (await client.get(INBOX, params={"cursor": row["id"]}, headers=other.headers)).json()["data"] == []
    assert await unread(client, owner) == 1
    assert (await client.get(INBOX)).status_code == 401
    assert (await client.post(READ)).status_code == 401


async def test_a_user_who_may_not_view_leads_any_more_does_not_see_notifications_about_them(
    client: httpx.AsyncClient, cast: Cast, services: Services, owner: Actor
) -> None:
    viewer = await cast.sub_user(owner)
    await put(services, viewer, "Ravi")
    await put(services, viewer, "Your password", kind=Kind.PASSWORD_CHANGED)
    assert await kinds(client, viewer) == ["password_changed", "new_lead"]
    async with tenant(services.database, owner.account_id) as connection:
        await connection.execute(
            "update user_permissions set can_view_leads = false where account_id = $1", owner.account_id
        )
    assert await kinds(client, viewer) == ["password_changed"]
    assert await unread(client, viewer) == 1
    assert await mark(client, viewer) == 1


async def test_what_is_older_than_ninety_days_is_forgotten(
    client: httpx.AsyncClient, services: Services, owner: Actor
) -> None:
    await put(services, owner, "old", "young")
    young, old = [UUID(row["id"]) for row in await inbox(client, owner)]
    async with tenant(services.database, owner.account_id) as connection:
        age = "update notifications set created_at = now() - $3::interval where account_id = $1 and id = $2"
        for row_id, days in ((old, 91), (young, 89)):
            await connection.execute(age, owner.account_id, row_id, timedelta(days=days))
    await purge_notifications(services.database)
    assert [row["title"] for row in await inbox(client, owner)] == ["young"]
