"""A merge as nouns: what is asked for, what comes of it, and what of undoing it."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

import msgspec
from msgspec import Meta

from leadconnect.errors import FieldCode, FieldError
from leadconnect.leads.catalogue import COLUMN_OF
from leadconnect.leads.models import Lead
from leadconnect.wire import Answer, Input

MOST_MERGED = 20


class MergeInput(Input, kw_only=True):
    """Which leads are merged into the one in the address, and by the name of a field, whose value wins. Of the other
    fields, those that the lead in the address has win, and the first in `leadIds` that has one fills a blank.
    """

    rules: ClassVar[dict[str, Any]] = {
        "allOf": [{"properties": {"take": {"propertyNames": {"enum": list(COLUMN_OF)}}}}]
    }

    lead_ids: Annotated[list[UUID], Meta(min_length=1, max_length=MOST_MERGED)]
    take: dict[str, UUID] = msgspec.field(default_factory=dict)

    def problems(self) -> list[FieldError]:
        """Refuse fields that leads do not have."""
        return [
            FieldError.of(f"take.{name}", FieldCode.UNKNOWN_FIELD, "is no field of a lead")
            for name in self.take or ()
            if name not in COLUMN_OF
        ]


class Merged(Answer):
    """The lead as it is now, which leads went into it, and the change set by which the merge can be undone."""

    lead: Lead
    merged_ids: list[UUID]
    change_set_id: UUID


class Unmerged(msgspec.Struct, frozen=True):
    """What undoing a merge did: which leads are back and from which one, which of its fields, by wire name, were left
    alone, and whether that is because it was deleted; or whether all its values were left alone, because the former
    ones break a rule of `check_change`. Never sent as it is.
    """

    survivor_id: UUID
    restored_ids: list[UUID]
    left_alone: list[str]
    survivor_is_deleted: bool
    survivor_would_be_invalid: bool
