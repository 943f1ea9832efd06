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
from hypothesis.stateful import Bundle, RuleBasedStateMachine, multiple, rule, run_state_machine_as_test

from leadconnect.settings import Settings
from tests import make
from tests.conftest import client_of, running_app
from tests.isolation.model import GRANTS, Account, Lead, Person

RUNS = int(os.environ.get("LEADCONNECT_MODEL_RUNS", "300"))
STEPS = 20

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
        async with running_app(settings) as app, client_of(app) as client:
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
    """Does things as people do, and compares every answer with the model's."""

    calls: ClassVar[Calls]

    people = Bundle("people")
    owners = Bundle("owners")
    helpers = Bundle("helpers")
    leads = Bundle("leads")

    @rule(target=people, company=st.sampled_from(["Acme Ltd", "acme ltd"]))
    def somebody_signs_up(self, company: str) -> Any:
        """Accounts of one name are accounts of their own."""
        return self._signed_up(company)

    @rule(target=owners)
    def an_owner_signs_up(self) -> Any:
        """Sign up somebody who will have a team."""
        return self._signed_up("Acme Ltd")

    def _signed_up(self, company: str) -> Person:
        body = make.signup(companyName=company)
        answer = self.calls("POST", "/auth/signup", body=body)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        return Person(Account(), found["user"]["id"], body["email"], found["accessToken"], is_owner=True)

    @rule(target=helpers, owner=owners, permissions=PERMISSIONS)
    def an_owner_adds_a_sub_user(self, owner: Person, permissions: dict[str, bool]) -> Any:
        """The password that was handed over works at once."""
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
        signed_in = self.calls("POST", "/auth/login", body={"email": email, "password": make.PASSWORD}).json()
        token = signed_in["accessToken"]
        return Person(owner.account, answer.json()["id"], email, token, is_owner=False, grants=dict(permissions))

    @rule(owner=owners, helper=helpers, changed=CHANGED_PERMISSIONS)
    def an_owner_changes_permissions(self, owner: Person, helper: Person, changed: dict[str, bool]) -> None:
        """Only of their own sub-users; what is not sent stays."""
        answer = self.calls("PATCH", f"/profile/sub-users/{helper.user_id}/permissions", owner, changed)
        if helper.account is not owner.account or helper.is_deleted:
            assert answer.status_code == 404
            return
        helper.grants |= changed
        assert answer.status_code == 200, answer.text
        assert answer.json()["permissions"] == helper.grants

    @rule(owner=owners, helper=helpers, active=st.booleans())
    def an_owner_deactivates_or_reactivates(self, owner: Person, helper: Person, active: bool) -> None:
        """Deactivating ends the sub-user's sessions; reactivating does not bring them back."""
        answer = self.calls("PATCH", f"/profile/sub-users/{helper.user_id}", owner, {"isActive": active})
        if helper.account is not owner.account or helper.is_deleted:
            assert answer.status_code == 404
            return
        assert answer.status_code == 200, answer.text
        if helper.is_active and not active:
            helper.has_session = False
        helper.is_active = active

    @rule(owner=owners, helper=helpers)
    def an_owner_deletes_a_sub_user(self, owner: Person, helper: Person) -> None:
        """The leads stay with the account."""
        answer = self.calls("DELETE", f"/profile/sub-users/{helper.user_id}", owner)
        gone = helper.account is not owner.account or helper.is_deleted
        assert answer.status_code == (404 if gone else 200)
        helper.is_deleted = helper.is_deleted or not gone

    @rule(helper=helpers)
    def a_sub_user_logs_in(self, helper: Person) -> None:
        """Whoever is active may, and nobody else."""
        answer = self.calls("POST", "/auth/login", body={"email": helper.email, "password": make.PASSWORD})
        assert answer.status_code == (200 if helper.is_active and not helper.is_deleted else 401)
        if answer.status_code == 200:
            helper.token, helper.has_session = answer.json()["accessToken"], True

    @rule(helper=helpers, role=st.sampled_from(["Management", "other"]))
    def a_sub_user_promotes_themselves(self, helper: Person, role: str) -> None:
        """Nobody is promoted, by the role or by a text."""
        answer = self.calls("PATCH", "/profile", helper, {"role": role, "customRole": "Management"})
        assert answer.status_code == (helper.refusal() or 403)

    @rule(person=st.one_of(helpers, people))
    def somebody_looks_at_the_team(self, person: Person) -> None:
        """Owners see their team; nobody else does."""
        answer = self.calls("GET", "/profile/sub-users", person)
        assert answer.status_code == (person.refusal() or (200 if person.is_owner else 403))

    @rule(target=leads, person=st.one_of(owners, helpers, people), name=NAMES, status=STATUSES)
    def somebody_adds_a_lead(self, person: Person, name: str, status: str) -> Any:
        """It belongs to the account, whoever adds it."""
        answer = self.calls("POST", "/leads", person, make.lead(name=name, leadStatus=status))
        assert answer.status_code == (person.refusal("canAddLeads") or 201), answer.text
        if answer.status_code != 201:
            return multiple()
        lead = Lead(answer.json()["id"], name, status)
        person.account.leads[lead.id] = lead
        return lead

    @rule(target=leads, person=st.one_of(owners, helpers), names=st.lists(NAMES, min_size=1, max_size=3))
    def somebody_imports_leads(self, person: Person, names: list[str]) -> Any:
        """All of them, or none without the right."""
        rows = [make.lead(name=name) for name in names]
        answer = self.calls("POST", "/leads/import", person, {"leads": rows})
        assert answer.status_code == (person.refusal("canAddLeads") or 201), answer.text
        if answer.status_code != 201:
            return multiple()
        added = [Lead(result["lead"]["id"], result["lead"]["name"], "new") for result in answer.json()["results"]]
        person.account.leads |= {lead.id: lead for lead in added}
        return multiple(*added)

    @rule(person=st.one_of(owners, helpers, people), lead=leads)
    def somebody_reads_a_lead(self, person: Person, lead: Lead) -> None:
        """One's own account's, as it was left."""
        answer = self.calls("GET", f"/leads/{lead.id}", person)
        assert answer.status_code == (person.refusal("canViewLeads") or (200 if person.finds(lead) else 404))
        if answer.status_code == 200:
            found = answer.json()
            assert (found["name"], found["leadStatus"]) == (lead.name, lead.status)

    @rule(person=st.one_of(owners, helpers, people), lead=leads, name=NAMES, status=STATUSES)
    def somebody_changes_a_lead(self, person: Person, lead: Lead, name: str, status: str) -> None:
        """Nothing changes where it is refused."""
        answer = self.calls("PATCH", f"/leads/{lead.id}", person, {"name": name, "leadStatus": status})
        assert answer.status_code == (person.refusal("canEditLeads") or (200 if person.finds(lead) else 404))
        if answer.status_code == 200:
            lead.name, lead.status = name, status

    @rule(person=st.one_of(owners, helpers, people), lead=leads)
    def somebody_deletes_a_lead(self, person: Person, lead: Lead) -> None:
        """It is gone for everybody."""
        answer = self.calls("DELETE", f"/leads/{lead.id}", person)
        assert answer.status_code == (person.refusal("canEditLeads") or (200 if person.finds(lead) else 404))
        lead.is_deleted = lead.is_deleted or answer.status_code == 200

    @rule(person=st.one_of(owners, helpers, people), lead=leads)
    def somebody_restores_a_lead(self, person: Person, lead: Lead) -> None:
        """Only owners, and only their own."""
        answer = self.calls("POST", f"/leads/{lead.id}/restore", person)
        here = 200 if lead.id in person.account.leads else 404
        assert answer.status_code == (person.refusal() or (here if person.is_owner else 403))
        lead.is_deleted = lead.is_deleted and answer.status_code != 200

    @rule(person=st.one_of(owners, helpers, people), status=STATUSES, name=NAMES)
    def what_somebody_sees_is_the_same_everywhere(self, person: Person, status: str, name: str) -> None:
        """List, filter, search, export and analytics agree with each other and with the model."""
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
        export = self.calls("GET", f"/leads/export?status={status}", person)
        assert export.status_code == (person.refusal("canExportLeads") or 200)
        if export.status_code == 200:
            assert export.text.count("\n") == len(by_status) + 1


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
