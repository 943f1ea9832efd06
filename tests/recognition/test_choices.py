"""The values of columns of statuses and sources, listed in the plan with what each becomes."""

from hypothesis import given
from hypothesis import strategies as st

from leadconnect.leads.models import LeadStatus
from leadconnect.recognition.models import ColumnPlan, ColumnValue
from leadconnect.recognition.survey import COUNTED_VALUES
from leadconnect.recognition.values import Defaults, ValueRules
from tests.recognition.test_proposing import proposed


def values_of(header: str, cells: list[str], rules: ValueRules | None = None) -> list[ColumnValue]:
    plan = column(header, cells, rules)
    return plan.values


def column(header: str, cells: list[str], rules: ValueRules | None = None) -> ColumnPlan:
    """Return the plan of a column of `cells`, after one of names."""
    return proposed(f"Name;{header}", *(f"A;{cell}" for cell in cells), values=rules).columns[1]


def test_statuses_are_listed_by_frequency_with_what_they_become() -> None:
    found = values_of("Status", ["Order received", "Won", "Order received", " ", "n/a", "gewonnen"])
    assert found == [
        ColumnValue("Order received", 2, "new", False),
        ColumnValue("Won", 1, "converted", True),
        ColumnValue("gewonnen", 1, "converted", True),
    ]


def test_a_map_makes_a_value_known() -> None:
    rules = ValueRules(status_map={"order  RECEIVED": LeadStatus.CONVERTED})
    assert values_of("Status", ["Order received"], rules) == [ColumnValue("Order received", 1, "converted", True)]


def test_an_unknown_status_becomes_the_default() -> None:
    rules = ValueRules(defaults=Defaults(lead_status=LeadStatus.FOLLOWUP))
    assert values_of("Status", ["Angebot"], rules) == [ColumnValue("Angebot", 1, "followup", False)]


def test_a_status_that_says_opted_out_is_known() -> None:
    assert values_of("Status", ["unsubscribed"]) == [ColumnValue("unsubscribed", 1, "new", True)]


def test_an_unknown_source_becomes_other_and_a_kind_of_one_is_known() -> None:
    assert values_of("Source", ["Messe", "Google Ads"]) == [
        ColumnValue("Messe", 1, "other", False),
        ColumnValue("Google Ads", 1, "campaign", True),
    ]


def test_other_columns_list_no_values() -> None:
    assert values_of("City", ["Pune", "Delhi"]) == []


@given(st.integers(min_value=1, max_value=2 * COUNTED_VALUES))
def test_up_to_two_hundred_values_are_listed_and_else_none(count: int) -> None:
    found = values_of("Status", [f"Stage no. {number}" for number in range(count)] * 2)
    assert [value.count for value in found] == ([2] * count if count <= COUNTED_VALUES else [])
