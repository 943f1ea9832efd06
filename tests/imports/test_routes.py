"""The routes of imports: who may do what, what is refused, and how an import is followed."""

from typing import Any

import httpx
import msgspec
import pytest

from leadconnect.recognition import TARGETS
from leadconnect.settings import Settings
from tests import make
from tests.cast import Actor, Cast
from tests.conftest import changed, client_of, running_app
from tests.imports.importing import IMPORTS, WAIT, applied, change, rows, sheet, totals, upload
from tests.leads.writing import new_lead

ASHA = "Asha Rao,+91 98765 43210,asha@example.com,Pune"
ADDRESSES = (
    ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/rows"), ("POST", "/apply"), ("GET", "/rejects"),
    ("GET", "/events"),
)  # fmt: skip


async def ask(
    client: httpx.AsyncClient, method: str, address: str, headers: dict[str, str], made: dict[str, Any]
) -> httpx.Response:
    body = {"remember": False} if method == "PATCH" else None
    return await client.request(method, f"{IMPORTS}/{made['id']}{address}", headers=headers, json=body)


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
async def test_an_import_is_for_those_of_its_account_who_may_add(
    client: httpx.AsyncClient, cast: Cast, owner: Actor, method: str, address: str
) -> None:
    made = await upload(client, owner, sheet(ASHA))
    stranger, viewer = await cast.owner(), await cast.sub_user(owner, view=True, edit=True)
    assert (await ask(client, method, address, {}, made)).status_code == 401
    assert (await ask(client, method, address, stranger.headers, made)).status_code == 404
    assert (await ask(client, method, address, viewer.headers, made)).status_code == 403
    colleague = await cast.sub_user(owner, view=True, add=True)
    assert (await ask(client, method, address, colleague.headers, made)).status_code == 200


async def test_who_may_add_but_not_view_sees_their_own_imports_alone(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    adder = await cast.sub_user(owner, view=False, add=True)
    theirs, mine = await upload(client, owner, sheet(ASHA)), await upload(client, adder, sheet(ASHA))
    assert (await ask(client, "GET", "", adder.headers, theirs)).status_code == 404
    listed = (await client.get(IMPORTS, headers=adder.headers)).json()["data"]
    assert [each["id"] for each in listed] == [mine["id"]]
    everything = (await client.get(IMPORTS, headers=owner.headers)).json()["data"]
    assert [each["id"] for each in everything] == [mine["id"], theirs["id"]]


async def test_who_may_not_view_is_not_told_which_leads_there_are(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    await client.post("/api/leads", json=make.lead(name="Asha Rao", phoneNumber="+919876543210"), headers=owner.headers)
    adder = await cast.sub_user(owner, view=False, add=True)
    made = await upload(client, adder, sheet(ASHA))
    (row,) = await rows(client, adder, made)
    assert (row["verdict"], row["leadId"], row["candidates"]) == ("duplicate", None, [])


async def test_changing_leads_by_import_needs_the_permission_to_edit(
    client: httpx.AsyncClient, cast: Cast, owner: Actor
) -> None:
    adder = await cast.sub_user(owner, view=True, add=True)
    options = {"options": (None, msgspec.json.encode({"policy": "upsert"}))}
    parts = {"file": ("x.csv", sheet(ASHA).encode()), **options}
    assert (await client.post(IMPORTS, files=parts, headers=adder.headers)).status_code == 403
    made = await upload(client, owner, sheet(ASHA), policy="upsert")
    assert (await ask(client, "POST", "/apply", adder.headers, made)).status_code == 403
    planned = await upload(client, adder, sheet(ASHA))
    refused = await client.patch(f"{IMPORTS}/{planned['id']}", json={"policy": "update"}, headers=adder.headers)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("text/csv", sheet(ASHA)),
        ("application/octet-stream", sheet(ASHA)),
        ("application/json", '{"leads": [{"name": "Asha Rao", "phoneNumber": "+919876543210"}]}'),
        ("application/x-ndjson", '{"name": "Asha Rao", "phoneNumber": "+919876543210"}\n'),
    ],
)
async def test_a_file_may_be_sent_as_it_is(client: httpx.AsyncClient, owner: Actor, media: str, data: str) -> None:
    headers = owner.headers | WAIT | {"content-type": media}
    answer = await client.post(IMPORTS, content=data, headers=headers)
    assert answer.status_code == 201, answer.text
    assert totals(answer.json()) == {"create": 1}


@pytest.mark.parametrize(
    ("parts", "messages"),
    [
        ({"options": (None, b"{}")}, ["file is required"]),
        ({"file": ("x.csv", b""), "mode": (None, b"x")}, ["property mode should not exist"]),
        ({"file": ("x.csv", b"")}, ["file must not be empty"]),
        (
            {"file": ("x.csv", b"Name"), "options": (None, b'{"policy":"all","shoe":1}')},
            ["property shoe should not exist", "policy must be one of: create, update, upsert"],
        ),
        (
            {"file": ("x.csv", b"Name"), "options": (None, b'{"delimiter":"\\u0000"}')},
            ["delimiter must not have control characters"],
        ),
        (
            {
                "file": ("x.csv", b"Name"),
                "options": (None, b'{"columns":[{"position":0},{"position":1,"target":"\\u0000","region":"in"},{}]}'),
            },
            [
                f"columns.1.target must be one of: {', '.join(TARGETS)}",
                "columns.1.region must be a two-letter country code such as IN",
                "columns.2.position is required",
            ],
        ),
    ],
)
async def test_a_form_that_is_wrong_is_refused_with_a_list(
    client: httpx.AsyncClient, owner: Actor, parts: dict[str, Any], messages: list[str]
) -> None:
    answer = await client.post(IMPORTS, files=parts, headers=owner.headers)
    assert (answer.status_code, answer.json()["message"]) == (400, messages)
    assert (await client.get(IMPORTS, headers=owner.headers)).json()["data"] == []


async def test_another_type_is_refused(client: httpx.AsyncClient, owner: Actor) -> None:
    answer = await client.post(IMPORTS, content=b"x", headers=owner.headers | {"content-type": "image/png"})
    assert answer.status_code == 415


async def test_too_large_an_upload_and_too_many_rows_are_refused(settings: Settings, owner: Actor) -> None:
    async with running_app(changed(settings, upload_limit=5_000)) as app, client_of(app) as client:
        answer = await client.post(IMPORTS, files={"file": ("x.csv", b"x" * 6_000)}, headers=owner.headers)
        assert answer.status_code == 413
        assert (await client.get(IMPORTS, headers=owner.headers)).json()["data"] == []


async def test_imports_and_their_rows_are_paged(client: httpx.AsyncClient, owner: Actor) -> None:
    made = [await upload(client, owner, sheet(*(f"P {n},+9198765{n:05d},," for n in range(5)))) for _ in range(3)]
    first = (await client.get(IMPORTS, params={"limit": 2}, headers=owner.headers)).json()
    second = (
        await client.get(IMPORTS, params={"limit": 2, "cursor": first["nextCursor"]}, headers=owner.headers)
    ).json()
    assert [each["id"] for each in first["data"] + second["data"]] == [each["id"] for each in reversed(made)]
    assert second["nextCursor"] is None
    address, query = f"{IMPORTS}/{made[0]['id']}/rows", {"limit": 3}
    page = (await client.get(address, params=query, headers=owner.headers)).json()
    rest = (await client.get(address, params={**query, "cursor": page["nextCursor"]}, headers=owner.headers)).json()
    assert [row["rowNumber"] for row in page["data"] + rest["data"]] == [1, 2, 3, 4, 5]
    assert rest["nextCursor"] is None


async def test_an_import_is_followed_as_events_until_nothing_is_under_way(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = (await client.post(IMPORTS, files={"file": ("x.csv", sheet(ASHA).encode())}, headers=owner.headers)).json()
    answer = await client.get(f"{IMPORTS}/{made['id']}/events", headers=owner.headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [block.splitlines() for block in answer.text.replace("\r\n", "\n").split("\n\n") if block.strip()]
    assert events[0] == ["retry: 2000"]
    assert {lines[1] for lines in events[1:]} == {"event: progress"}
    last = msgspec.json.decode(events[-1][2].removeprefix("data: "))
    assert (last["id"], last["status"]) == (made["id"], "planned")


def event_ids(answer: httpx.Response) -> list[str]:
    return [line.removeprefix("id: ") for line in answer.text.splitlines() if line.startswith("id: ")]


async def test_a_client_that_reconnects_gets_only_what_it_does_not_have(
    client: httpx.AsyncClient, owner: Actor
) -> None:
    made = await upload(client, owner, sheet(ASHA))
    address = f"{IMPORTS}/{made['id']}/events"
    (planned,) = event_ids(await client.get(address, headers=owner.headers))
    again = await client.get(address, headers=owner.headers | {"last-event-id": planned})
    assert (again.status_code, again.text.split()) == (200, ["retry:", "2000"])
    assert event_ids(await client.get(address, headers=owner.headers | {"last-event-id": "unknown"})) == [planned]
    await client.delete(f"{IMPORTS}/{made['id']}", headers=owner.headers)
    (cancelled,) = event_ids(await client.get(address, headers=owner.headers | {"last-event-id": planned}))
    assert cancelled != planned


async def test_an_applied_import_can_be_undone(client: httpx.AsyncClient, owner: Actor) -> None:
    there = await new_lead(client, owner, name="Asha Rao", phoneNumber="+919876543210")
    lines = (ASHA, "Ravi Nair,+91 98765 43211,,")
    made = await applied(client, owner, sheet(*lines), policy="upsert", onMatch="overwrite")
    assert totals(made) == {"create": 1, "update": 1}
    undone = await client.post(f"/api/change-sets/{made['changeSetId']}/undo", headers=owner.headers)
    assert undone.is_success, undone.text
    changed = {"updatedAt": "", "version": ""}
    found = (await client.get("/api/leads", headers=owner.headers)).json()["data"]
    assert [lead | changed for lead in found] == [there | changed]
    assert totals(await change(client, owner, await upload(client, owner, sheet(*lines)))) == {
        "create": 1,
        "duplicate": 1,
    }
