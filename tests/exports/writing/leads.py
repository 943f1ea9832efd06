"""Leads as JSON Lines have them, for the tests of writers."""

from typing import Any

from leadconnect.exports.columns import COLUMNS


def lead(**values: Any) -> dict[str, Any]:
    """Return a lead with nothing but a name, a phone number and `values`."""
    return {column.key: None for column in COLUMNS} | {"name": "Asha", "phoneNumber": ""} | values
