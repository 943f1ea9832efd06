"""JSON Lines: a lead a line, under the names that it has in the API. Workbooks and documents are made from them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from leadconnect.exports.columns import COLUMNS, Column, values_of
from leadconnect.wire import instant

_encode_lines = msgspec.json.Encoder().encode_lines


def encode_rows(
    rows: Iterable[Any], contact_names: Mapping[str, str] | None = None, columns: Sequence[Column] = COLUMNS
) -> bytes:
    """Return the lines of `rows`, as `columns.values_of` takes them: an object each, with every key of `columns`."""
    keys = [column.key for column in columns]
    leads = (dict(zip(keys, values, strict=True)) for values in values_of(rows, columns, contact_names))
    return _encode_lines({key: _shown(value) for key, value in lead.items()} for lead in leads)


def _shown(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value
