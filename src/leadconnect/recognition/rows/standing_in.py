"""What names a lead whose row has no name: its e-mail address or its phone number."""

from collections.abc import Mapping


def is_stand_in(values: Mapping[str, str]) -> bool:
    """Tell whether the name in `values` of a row, by wire name, is an address or a number in place of a name."""
    name = values.get("name")
    return bool(name) and name in (values.get("email"), values.get("phoneNumber"))
