"""Any sequence of sign-ups, sub-users, permissions and changes of leads leaves the system where the model is.

LEADCONNECT_MODEL_RUNS says how many sequences are tried.
"""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from leadconnect.settings import Settings
from tests import make
from tests.conftest import changed, client_of, running_app
from tests.isolation.model import GRANTS, Account, Lead, Person

RUNS = int(os.environ.get("LEADCONNECT_MODEL_RUNS", "300"))
STEPS = 20

PICK = st.integers(0, 999)
STATUSES = st.sampled_from(["new", "followup", "qualified", "hot", "converted", "lost"])
NAMES = st.sampled_from(["Asha Rao", "José Álvarez", "李雷", "O'Neil & Sons", "Rao Textiles", "50% off_"])
PERMISSIONS = st.fixed_dictionaries({grant: st.booleans() for grant in GRANTS})
CHANGED_PERMISSIONS = st.dictionaries(st.sampled_from(GRANTS), st.booleans(), max_size=4)


class Calls:
    """Sends requests to the application from outside of its event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient) -> None:
        self._loop, self._client = loop, client

    def __call__(self, method: str, path: str, person: Person | None = None, body: Any = None) -> httpx.Response:
        """Send a request as `person` and return the answer."""
        headers = {"Authorization": f"Bearer {person.token}"} if person else {}
        sent = self._client.request(method, f"/api{path}", headers=headers, json=body)
        return asyncio.run_coroutine_threadsafe(sent, self._loop).result(30)


@pytest.fixture(scope="module")
def calls(settings: Settings) -> Iterator[Calls]:
    """The application in an event loop of its own, in a thread of its own: a state machine is not asynchronous."""
    ready: Future[Calls] = Future()
    over = threading.Event()

    @asynccontextmanager
    async def opened() -> AsyncIterator[Calls]:
        # The model does not count wrong log-ins.
        async with running_app(changed(settings, wrong_log_ins=1_000)) as app, client_of(app) as client:
            yield Calls(asyncio.get_running_loop(), client)

    async def live() -> None:
        try:
            async with opened() as found:
                ready.set_result(found)
                await asyncio.to_thread(over.wait)
        except Exception as error:
            if not ready.done():
                ready.set_exception(error)
            raise

    thread = threading.Thread(target=lambda: asyncio.run(live()))
    thread.start()
    yield ready.result(60)
    over.set()
    thread.join()


class Teams(RuleBasedStateMachine):
    """Does things as people do, and compares every answer with the model's. Two accounts of one name stand at the
    beginning, each with an owner, two sub-users and a lead.
    """

    calls: ClassVar[Calls]

    def __init__(self) -> None:
        super().__init__()
        self.owners: list[Person] = []
        self.helpers: list[Person] = []
        self.leads: list[Lead] = []

    @initialize(permissions=st.lists(PERMISSIONS, min_size=4, max_size=4))
    def two_accounts(self, permissions: list[dict[str, bool]]) -> None:
        """Sign two owners up, who take sub-users on and add a lead each."""
        for number, company in enumerate(("Acme Ltd", "acme ltd")):
            body = make.signup(companyName=company)
            found = self.calls("POST", "/auth/signup", body=body).json()
            owner = Person(Account(), found["user"]["id"], body["email"], found["accessToken"], is_owner=True)
            self.owners.append(owner)
            for own in permissions[2 * number : 2 * number + 2]:
                self._take_on(owner, own)
            self._add(owner, "Asha Rao", "new")

    def _take_on(self, owner: Person, permissions: dict[str, bool]) -> None:
        email = make.email("helper")
        body = {
            "fullName": "Sam Sub",
            "email": email,
            "password": make.PASSWORD,
            "confirmPassword": make.PASSWORD,
            "role": "Sales Representative",
            "companyName": "Acme Ltd",
            **permissions,
        }
        answer = self.calls("POST", "/profile/sub-users", owner, body)
        assert answer.status_code == 201, answer.text
        assert answer.json()["permissions"] == permissions
        token = self.calls("POST", "/auth/login", body={"email": email, "password": make.PASSWORD}).json()
        user_id = answer.json()["id"]
        helper = Person(owner.account, user_id, email, token["accessToken"], is_owner=False, grants=dict(permissions))
        self.helpers.append(helper)

    def _add(self, person: Person, name: str, status: str) -> None:
        answer = self.calls("POST", "/leads", person, make.lead(name=name, leadStatus=status))
        assert answer.status_code == (person.refusal("canAddLeads") or 201), answer.text
        if answer.status_code == 201:
            self._know(person, Lead(answer.json()["id"], name, status))

    def _know(self, person: Person, lead: Lead) -> None:
        person.account.leads[lead.id] = lead
        self.leads.append(lead)

    def _person(self, number: int) -> Person:
        everybody = [*self.owners, *self.helpers]
        return everybody[number % len(everybody)]

    def _pair(self, number: int) -> tuple[Person, Person]:
        """Return an owner and a sub-user, who may be somebody else's."""
        return self.owners[number % len(self.owners)], self.helpers[number // 2 % len(self.helpers)]

    @rule(number=PICK, permissions=PERMISSIONS)
    def an_owner_adds_a_sub_user(self, number: int, permissions: dict[str, bool]) -> None:
        """The password that was handed over works at once."""
        self._take_on(self.owners[number % len(self.owners)], permissions)

    @rule(number=PICK, changed=CHANGED_PERMISSIONS)
    def an_owner_changes_permissions(self, number: int, changed: dict[str, bool]) -> None:
        """Only of their own sub-users; what is not sent stays."""
        owner, helper = self._pair(number)
        answer = self.calls("PATCH", f"/profile/sub-users/{helper.user_id}/permissions", owner, changed)
        if helper.account is not owner.account or helper.is_deleted:
            assert answer.status_code == 404
            return
        helper.grants |= changed
        assert answer.status_code == 200, answer.text
        assert answer.json()["permissions"] == helper.grants

    @rule(number=PICK, active=st.booleans())
    def an_owner_deactivates_or_reactivates(self, number: int, active: bool) -> None:
        """Deactivating ends the sub-user's sessions; reactivating does not bring them back."""
        owner, helper = self._pair(number)
        answer = self.calls("PATCH", f"/profile/sub-users/{helper.user_id}", owner, {"isActive": active})
        if helper.account is not owner.account or helper.is_deleted:
            assert answer.status_code == 404
            return
        assert answer.status_code == 200, answer.text
        if helper.is_active and not active:
            helper.has_session = False
        helper.is_active = active

    @rule(number=PICK)
    def an_owner_deletes_a_sub_user(self, number: int) -> None:
        """The leads stay with the account."""
        owner, helper = self._pair(number)
        answer = self.calls("DELETE", f"/profile/sub-users/{helper.user_id}", owner)
        gone = helper.account is not owner.account or helper.is_deleted
        assert answer.status_code == (404 if gone else 200)
        helper.is_deleted = helper.is_deleted or not gone

    @rule(number=PICK)
    def a_sub_user_logs_in(self, number: int) -> None:
        """Whoever is active may, and nobody else."""
        _, helper = self._pair(number)
        answer = self.calls("POST", "/auth/login", body={"email": helper.email, "password": make.PASSWORD})
        assert answer.status_code == (200 if helper.is_active and not helper.is_deleted else 401)
        if answer.status_code == 200:
            helper.token, helper.has_session = answer.json()["accessToken"], True

    @rule(number=PICK, role=st.sampled_from(["Management", "other"]))
    def a_sub_user_promotes_themselves(self, number: int, role: str) -> None:
        """Nobody is promoted, by the role or by a text."""
        _, helper = self._pair(number)
        answer = self.calls("PATCH", "/profile", helper, {"role": role, "customRole": "Management"})
        assert answer.status_code == (helper.refusal() or 403)

    @rule(number=PICK)
    def somebody_looks_at_the_team(self, number: int) -> None:
        """Owners see their team; nobody else does."""
        person = self._person(number)
        answer = self.calls("GET", "/profile/sub-users", person)
        assert answer.status_code == (person.refusal() or (200 if person.is_owner else 403))
        if answer.status_code == 200:
            own = {helper.user_id for helper in self.helpers if helper.account is person.account}
            gone = {helper.user_id for helper in self.helpers if helper.is_deleted}
            assert {found["id"] for found in answer.json()} == own - gone

    @rule(number=PICK, name=NAMES, status=STATUSES)
    def somebody_adds_a_lead(self, number: int, name: str, status: str) -> None:
        """It belongs to the account, whoever adds it."""
        self._add(self._person(number), name, status)

    @rule(number=PICK, names=st.lists(NAMES, min_size=1, max_size=3))
    def somebody_imports_leads(self, number: int, names: list[str]) -> None:
        """All of them, or none without the right."""
        person = self._person(number)
        answer = self.calls(
            "POST", "/leads/import?allowDuplicates=true", person, {"leads": [make.lead(name=name) for name in names]}
        )
        assert answer.status_code == (person.refusal("canAddLeads") or 201), answer.text
        if answer.status_code == 201:
            for result in answer.json()["results"]:
                self._know(person, Lead(result["lead"]["id"], result["lead"]["name"], "new"))

    @rule(number=PICK, which=PICK)
    def somebody_reads_a_lead(self, number: int, which: int) -> None:
        """One's own account's, as it was left."""
        person, lead = self._person(number), self.leads[which % len(self.leads)]
        answer = self.calls("GET", f"/leads/{lead.id}", person)
        assert answer.status_code == (person.refusal("canViewLeads") or (200 if person.finds(lead) else 404))
        if answer.status_code == 200:
            found = answer.json()
            assert (found["name"], found["leadStatus"]) == (lead.name, lead.status)

    @rule(number=PICK, which=PICK, name=NAMES, status=STATUSES)
    def somebody_changes_a_lead(self, number: int, which: int, name: str, status: str) -> None:
        """Nothing changes where it is refused."""
        person, lead = self._person(number), self.leads[which % len(self.leads)]
        answer = self.calls("PATCH", f"/leads/{lead.id}", person, {"name": name, "leadStatus": status})
        assert answer.status_code == (person.refusal("canEditLeads") or (200 if person.finds(lead) else 404))
        if answer.status_code == 200:
            lead.name, lead.status = name, status

    @rule(number=PICK, which=PICK)
    def somebody_deletes_a_lead(self, number: int, which: int) -> None:
        """It is gone for everybody."""
        person, lead = self._person(number), self.leads[which % len(self.leads)]
        answer = self.calls("DELETE", f"/leads/{lead.id}", person)
        assert answer.status_code == (person.refusal("canEditLeads") or (200 if person.finds(lead) else 404))
        lead.is_deleted = lead.is_deleted or answer.status_code == 200

    @rule(number=PICK, which=PICK)
    def somebody_restores_a_lead(self, number: int, which: int) -> None:
        """Only owners, and only their own."""
        person, lead = self._person(number), self.leads[which % len(self.leads)]
        answer = self.calls("POST", f"/leads/{lead.id}/restore", person)
        here = 200 if lead.id in person.account.leads else 404
        assert answer.status_code == (person.refusal() or (here if person.is_owner else 403))
        lead.is_deleted = lead.is_deleted and answer.status_code != 200

    @rule(number=PICK, status=STATUSES, name=NAMES)
    def what_somebody_sees_is_the_same_everywhere(self, number: int, status: str, name: str) -> None:
        """List, filter, search and analytics agree with each other and with the model."""
        person = self._person(number)
        live = person.account.live()
        by_status = [lead for lead in live if lead.status == status]
        by_name = [lead for lead in live if name.casefold() in lead.name.casefold()]
        for query, wanted in (("", live), (f"&status={status}", by_status), (f"&search={_quoted(name)}", by_name)):
            answer = self.calls("GET", f"/leads?limit=1000{query}", person)
            assert answer.status_code == (person.refusal("canViewLeads") or 200)
            if answer.status_code == 200:
                page = answer.json()
                assert sorted(lead["id"] for lead in page["data"]) == sorted(lead.id for lead in wanted)
                assert page["meta"]["total"] == len(wanted)
        analytics = self.calls("GET", "/analytics", person)
        assert analytics.status_code == (person.refusal("canViewLeads") or 200)
        if analytics.status_code == 200:
            counts = {entry["status"]: entry["count"] for entry in analytics.json()["leadStatusBreakdown"]}
            assert analytics.json()["basicMetrics"]["totalLeads"] == len(live)
            assert counts.get(status, 0) == len(by_status)

    @rule(number=PICK, status=STATUSES)
    def somebody_exports_leads(self, number: int, status: str) -> None:
        """As many rows as the list has."""
        person = self._person(number)
        answer = self.calls("GET", f"/leads/export?status={status}", person)
        assert answer.status_code == (person.refusal("canExportLeads") or 200)
        if answer.status_code == 200:
            rows = [lead for lead in person.account.live() if lead.status == status]
            assert answer.text.count("\n") == len(rows) + 1


def _quoted(text: str) -> str:
    return str(httpx.QueryParams({"search": text})).partition("=")[2]


def test_any_sequence_of_what_people_do_agrees_with_the_model(calls: Calls) -> None:
    Teams.calls = calls
    run_state_machine_as_test(
        Teams,
        settings=settings(
            max_examples=RUNS, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
