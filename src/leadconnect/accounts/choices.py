"""Choices that may be `other` and then have a text of their own: a user's role, a company's industry. Pure.

Answers show that text in the place of the choice, and clients send back what they were shown.
"""

from typing import NamedTuple

from msgspec import UNSET, UnsetType

from leadconnect.errors import FieldCode, FieldError, ValidationFailed

OTHER = "other"


class Choice(NamedTuple):
    """A choice as it is stored; `custom` is its text where it is `other`, else None."""

    value: str
    custom: str | None


def chosen(
    stored: Choice,
    value: str | UnsetType,
    custom: str | UnsetType | None,
    *,
    names: tuple[str, str],
    options: tuple[str, ...],
) -> Choice:
    """Return what is to be stored when `value` and `custom` are sent under the keys `names`; `options` may be chosen.

    The stored text sent as the value stands for `other`, unless the text is cleared beside it. A text beside any other
    choice is dropped.

    Raises:
        ValidationFailed: it is no choice, or `other` without a text.
    """
    given = custom if custom is UNSET or (custom and custom.strip()) else None
    if value is UNSET:
        if stored.value != OTHER or given is UNSET:
            return stored
        value = OTHER
    elif value == stored.custom and given is not None:
        value, given = OTHER, stored.custom if given is UNSET else given
    if value == OTHER:
        if not given:
            raise ValidationFailed(
                [FieldError.of(names[1], FieldCode.REQUIRED, f"is required when {names[0]} is other")]
            )
        return Choice(OTHER, given)
    if value not in options:
        raise ValidationFailed([FieldError.of(names[0], FieldCode.ENUM, f"must be one of: {', '.join(options)}")])
    return Choice(value, None)
