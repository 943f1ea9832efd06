"""The columns of an exported file."""

import msgspec

from leadconnect.exports.columns import BY_KEY, COLUMNS, NOTES, READABLE, values_of
from leadconnect.leads.models import Lead


def test_the_columns_are_the_fields_of_a_lead_in_the_api_without_its_owner_and_version() -> None:
    fields = [field.encode_name for field in msgspec.structs.fields(Lead)]
    assert sorted(BY_KEY) == sorted(set(fields) - {"user", "userId", "version"})
    assert len(COLUMNS) == len(BY_KEY)


def test_people_read_fewer_columns_and_no_notes() -> None:
    assert set(READABLE) < set(COLUMNS)
    assert NOTES not in READABLE


def test_the_values_come_in_the_order_of_the_columns_and_a_user_by_name() -> None:
    row = {"name": "Asha", "last_contacted_by": "7", "city": None}
    columns = [BY_KEY["city"], BY_KEY["lastContactedBy"], BY_KEY["name"]]
    assert list(values_of([row, row | {"last_contacted_by": "8"}], columns, {"7": "Ravi"})) == [
        [None, "Ravi", "Asha"],
        [None, "8", "Asha"],
    ]
