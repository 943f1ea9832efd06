"""The words are whole sentences, however many leads there are, and never too long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.identifiers import new_id
from leadconnect.mail.announcements import Kind
from leadconnect.notifications.models import SWITCHES, DayNumbers, DueLead, LeadFacts
from leadconnect.notifications.wording import (
    BODY_LENGTH,
    PERSONAL,
    TITLE_LENGTH,
    about_day,
    about_due_leads,
    about_import,
    about_lead,
)

TODAY = date(2031, 3, 4)
OF_LEADS = (Kind.NEW_LEAD, Kind.HOT_LEAD, Kind.CONVERSION, Kind.FOLLOW_UP)


def lead(name: str = "Ravi", company: str | None = "Ravi Mills", due: date | None = None) -> LeadFacts:
    return LeadFacts(new_id(), name, company, "+91 98765 43210", None, "Pune", due)


def due(name: str = "Ravi", day: date = TODAY) -> DueLead:
    return DueLead(name, "Ravi Mills", "1", day)


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        (Kind.NEW_LEAD, "New lead: Ravi", "Asha added Ravi (Ravi Mills)."),
        (Kind.HOT_LEAD, "Hot lead: Ravi", "Asha marked Ravi (Ravi Mills) as a hot lead."),
        (Kind.CONVERSION, "Converted: Ravi", "Asha converted Ravi (Ravi Mills)."),
        (Kind.FOLLOW_UP, "Follow up with Ravi", "The follow-up with Ravi (Ravi Mills) is due on 9 March 2031."),
    ],
)
def test_an_event_of_a_lead_in_words(kind: Kind, title: str, body: str) -> None:
    words = about_lead(kind, lead(due=date(2031, 3, 9)), "Asha")
    assert (words.title, words.body) == (title, body)
    assert words.lines == ["Phone: +91 98765 43210", "City: Pune", "Next follow-up: 9 March 2031"]


def test_what_is_not_known_is_left_out() -> None:
    words = about_lead(Kind.NEW_LEAD, lead(company=None), None)
    assert words.body == "A user added Ravi."
    assert words.lines == ["Phone: +91 98765 43210", "City: Pune"]


@pytest.mark.parametrize(
    ("count", "title"), [(1, "1 lead imported"), (2, "2 leads imported"), (10_000, "10,000 leads imported")]
)
def test_an_import_in_words(count: int, title: str) -> None:
    assert about_import(count, "Asha").title == title


def test_one_due_follow_up_in_words() -> None:
    words = about_due_leads([due()], 1, TODAY)
    assert (words.title, words.body) == ("1 follow-up is due", "Due: Ravi.")
    assert words.lines == ["Ravi · Ravi Mills · 1 · today"]


def test_many_due_follow_ups_in_words() -> None:
    leads = [due("A"), due("B"), due("C"), due("D", TODAY - timedelta(days=1))]
    words = about_due_leads(leads, 9, TODAY)
    assert (words.title, words.body) == ("9 follow-ups are due", "Due: A, B, C and 6 more.")
    assert words.lines[-2:] == ["D · Ravi Mills · 1 · since 3 March 2031", "and 5 more"]


def test_a_day_in_words() -> None:
    words = about_day(DayNumbers(1, 2, 3, 4, 5), TODAY)
    assert (words.title, words.body) == ("Your day: 4 March 2031", "1 new lead, 2 became hot, 3 converted.")
    assert len(words.lines) == 5


@given(st.sampled_from(OF_LEADS), st.text(min_size=1, max_size=255), st.text(max_size=255))
def test_no_name_makes_a_title_or_a_sentence_too_long(kind: Kind, name: str, actor: str) -> None:
    words = about_lead(kind, lead(name, company=name[:100]), actor)
    assert 0 < len(words.title) <= TITLE_LENGTH
    assert 0 < len(words.body) <= BODY_LENGTH


def test_every_kind_has_words_or_a_switch() -> None:
    assert set(SWITCHES) | set(PERSONAL) == set(Kind)
    assert not set(SWITCHES) & set(PERSONAL)
