"""Writing the JSON Lines of an export."""

import json
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from leadconnect.exports.columns import BY_KEY, COLUMNS
from leadconnect.exports.writing.lines import encode_rows

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def record(**values: Any) -> dict[str, Any]:
    return dict.fromkeys(column.name for column in COLUMNS) | {"id": UUID(int=7), "name": "Asha", **values}


def test_a_lead_has_every_key_with_the_values_of_the_api() -> None:
    instant = datetime(2031, 3, 4, 5, 6, 7, 890_999, tzinfo=UTC)
    (line,) = encode_rows([record(date_of_birth=date(1990, 4, 3), created_at=instant)]).splitlines()
    lead = json.loads(line)
    assert list(lead) == [column.key for column in COLUMNS]
    assert (lead["id"], lead["dateOfBirth"]) == ("00000000-0000-0000-0000-000000000007", "1990-04-03")
    assert (lead["createdAt"], lead["city"]) == ("2031-03-04T05:06:07.890Z", None)


def test_a_user_who_made_the_last_contact_is_named() -> None:
    line = encode_rows([record(last_contacted_by="7")], {"7": "Asha Rao"}, [BY_KEY["lastContactedBy"]])
    assert line == b'{"lastContactedBy":"Asha Rao"}\n'


@given(st.lists(ANY_TEXT, max_size=4))
def test_any_text_comes_back_and_a_lead_is_a_line(texts: list[str]) -> None:
    data = encode_rows([record(city=text) for text in texts])
    assert data.count(b"\n") == len(texts)
    assert [json.loads(line)["city"] for line in data.split(b"\n")[:-1]] == texts
