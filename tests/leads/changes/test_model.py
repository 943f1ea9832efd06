"""Whatever is done to leads and undone: what nobody touched since is as before, the rest as its last editor left it."""

import asyncio
from typing import Any

import httpx
import msgspec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from leadconnect.database.pool import Database
from leadconnect.database.transaction import tenant
from tests.cast import Actor, Cast
from tests.leads.changes.acting import delete, found, imported, undo, update
from tests.leads.totals.test_counts import differences
from tests.leads.writing import change_lead

COMPANIES = ("Mill", "Works", "Yard", None)
VALUES: dict[str, tuple[str | None, ...]] = {
    "companyName": COMPANIES,
    "leadStatus": ("new", "hot", "converted", "lost"),
    "nextFollowupDate": ("2031-03-04", "2031-05-06", None),
}
SETS = st.sampled_from([(field, value) for field, values in VALUES.items() for value in values])
WHO = st.sets(st.integers(0, 5), min_size=1, max_size=4)
ACTS = st.one_of(
    st.tuples(st.just("import"), st.integers(1, 2)),
    st.tuples(st.just("update"), WHO, SETS),
    st.tuples(st.just("delete"), WHO),
    st.tuples(st.just("edit"), st.integers(0, 5), SETS),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("restore"), st.integers(0, 5)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
)
THERE = "is there"


class Write(msgspec.Struct):
    """A change of one field, or of whether the lead is there: by which act, if it was an undo, from what to what. The
    numbers ascend in the order of all writes.
    """

    number: int
    act: str
    is_undo: bool
    before: Any
    after: Any


class Model:
    """The leads of an account as they should be, with all that was ever written to each of their fields."""

    def __init__(self) -> None:
        self.leads: dict[str, dict[str, Any]] = {}
        self.writes: dict[tuple[str, str], list[Write]] = {}
        self.undone: set[str] = set()

    def write(self, act: str, lead_id: str, field: str, value: Any, *, is_undo: bool = False) -> None:
        """Set a field, if it has another value."""
        lead = self.leads[lead_id]
        if lead[field] != value:
            number = sum(map(len, self.writes.values()))
            self.writes.setdefault((lead_id, field), []).append(Write(number, act, is_undo, lead[field], value))
            lead[field] = value

    def add(self, act: str, lead_id: str, name: str) -> None:
        """Add a lead."""
        self.leads[lead_id] = {"companyName": "Mill", "leadStatus": "new", "nextFollowupDate": None, "name": name}
        self.leads[lead_id][THERE] = False
        self.write(act, lead_id, THERE, True)

    def is_untouched(self, act: str, lead_id: str, field: str) -> bool:
        """Return whether a field is as the act left it: the last to write it, or put back by an undo."""
        of_lead = [write for (owner, _), writes in self.writes.items() if owner == lead_id for write in writes]
        began = min(write.number for write in of_lead if write.act == act)
        writes = self.writes.get((lead_id, field), [])
        last = max((write.number for write in writes if write.act == act), default=began)
        since = [write for write in writes if write.number > last]
        return not since or (since[-1].is_undo and since[-1].after == since[0].before)

    def undo(self, act: str, by: str) -> int:
        """Take an act back where it may be; return how many leads that changes."""
        self.undone.add(act)
        changed = set()
        for lead_id in self.leads:
            first = {
                field: next((write.before for write in writes if write.act == act), None)
                for (owner, field), writes in self.writes.items()
                if owner == lead_id and any(write.act == act for write in writes)
            }
            came = first.get(THERE) is False
            fields = [*VALUES, THERE] if came else [THERE]
            if THERE in first and not all(self.is_untouched(act, lead_id, field) for field in fields):
                continue
            for field, value in first.items():
                is_due = field == THERE if came else field == THERE or self.leads[lead_id][THERE]
                if is_due and self.is_untouched(act, lead_id, field):
                    self.write(by, lead_id, field, value, is_undo=True)
                    changed.add(lead_id)
        return len(changed)

    def live(self) -> list[str]:
        """Return the ids of the leads that are there."""
        return [lead_id for lead_id, lead in self.leads.items() if lead[THERE]]


class Play:
    """Does the same to the system and to the model."""

    def __init__(self, client: httpx.AsyncClient, database: Database, owner: Actor) -> None:
        self._client, self._database, self._owner = client, database, owner
        self._model, self._acts = Model(), list[str]()

    async def step(self, kind: str, *chosen: Any) -> None:
        """Do one act; numbers choose among the leads, or among the acts that can be undone."""
        await getattr(self, f"_{kind}")(*chosen)

    async def _import(self, count: int) -> None:
        names = [f"Lead {len(self._model.leads) + number}" for number in range(count)]
        leads = [{"name": name, "companyName": "Mill"} for name in names]
        act, ids = await imported(self._database, self._owner, *leads)
        for lead_id, name in zip(ids, names, strict=True):
            self._model.add(act, lead_id, name)
        self._acts.append(act)

    def _among_live(self, numbers: set[int]) -> list[str]:
        live = self._model.live()
        return [lead_id for number, lead_id in enumerate(live) if number in numbers]

    async def _update(self, numbers: set[int], sets: tuple[str, Any]) -> None:
        field, value = sets
        if ids := self._among_live(numbers):
            act = (await update(self._client, self._owner, ids, **{field: value}))["id"]
            for lead_id in ids:
                self._model.write(act, lead_id, field, value)
            self._acts.append(act)

    async def _delete(self, numbers: set[int]) -> None:
        if ids := self._among_live(numbers):
            act = (await delete(self._client, self._owner, ids))["id"]
            for lead_id in ids:
                self._model.write(act, lead_id, THERE, False)
            self._acts.append(act)

    async def _edit(self, number: int, sets: tuple[str, Any]) -> None:
        for lead_id in self._among_live({number}):
            await change_lead(self._client, self._owner, lead_id, **dict([sets]))
            self._model.write("somebody", lead_id, *sets)

    async def _remove(self, number: int) -> None:
        for lead_id in self._among_live({number}):
            await self._client.delete(f"/api/leads/{lead_id}", headers=self._owner.headers)
            self._model.write("somebody", lead_id, THERE, False)

    async def _restore(self, number: int) -> None:
        deleted = [lead_id for lead_id in self._model.leads if lead_id not in self._model.live()]
        for lead_id in deleted[number : number + 1]:
            await self._client.post(f"/api/leads/{lead_id}/restore", headers=self._owner.headers)
            self._model.write("somebody", lead_id, THERE, True)

    async def _undo(self, number: int) -> None:
        can_be = [act for act in self._acts if act not in self._model.undone]
        for act in can_be[::-1][number : number + 1]:
            undone = await undo(self._client, self._owner, act)
            assert undone["leadCount"] == self._model.undo(act, undone["id"])
            self._acts.append(undone["id"])

    async def compare(self) -> None:
        """Fail where the system is not as the model."""
        seen: dict[str, dict[str, Any]] = {}
        for is_there, query in ((True, ""), (False, "&deleted=true")):
            answer = await self._client.get(f"/api/leads?limit=1000{query}", headers=self._owner.headers)
            for lead in answer.json()["data"]:
                seen[lead["id"]] = {key: lead[key] for key in (*VALUES, "name")} | {THERE: is_there}
        assert seen == self._model.leads
        for company in filter(None, COMPANIES):
            live = [self._model.leads[lead_id] for lead_id in self._model.live()]
            expected = sorted(lead["name"] for lead in live if lead["companyName"] == company)
            assert await found(self._client, self._owner, company.lower()) == expected
        async with tenant(self._database, self._owner.account_id) as connection:
            assert await differences(connection, self._owner.account_id) == []


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(acts=st.lists(ACTS, min_size=4, max_size=16))
@example(acts=[("edit", 0, ("companyName", "Works")), ("delete", {0}), ("undo", 0), ("undo", 0)])
async def test_undoing_brings_back_what_nobody_touched_and_nothing_else(
    client: httpx.AsyncClient, cast: Cast, database: Database, acts: list[tuple[Any, ...]]
) -> None:
    play = Play(client, database, await cast.owner())
    await play.step("import", 4)
    for act in acts:
        await play.step(*act)
    await play.compare()
    await asyncio.sleep(0)
