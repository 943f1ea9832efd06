"""Change sets as nouns."""

from enum import StrEnum


class ChangeSetKind(StrEnum):
    """What was done to many leads at once."""

    IMPORT = "import"
    BULK_UPDATE = "bulk_update"
    BULK_DELETE = "bulk_delete"
    MERGE = "merge"
    UNDO = "undo"
