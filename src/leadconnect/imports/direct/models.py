"""Import as nouns: what is sent to it, and what it reports."""

from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from leadconnect.leads.models import Lead
from leadconnect.wire import Answer, FieldProblem, Input


class LeadImport(Input):
    """Leads to import. Each is judged by itself, by the rules of a new lead, and a bad one costs only itself."""

    leads: Annotated[list[dict[str, Any]], Meta(min_length=1)]


class DirectImportQuery(Input):
    """The query of a direct import. With `allowDuplicates`, rows that are leads already are added once more."""

    allow_duplicates: bool = False


class ImportResult(Answer):
    """What became of one row, counted from 1: the lead as it was stored, or why it was not: `error` in
    words and, for a row of JSON, `errors` by field. Of a row that is a lead
    already, `code` says what both have (`same_phone`, `same_email`), and `duplicateOf` is the id of that lead, null for
    callers who may not view leads. `remark` says what was left out.
    """

    success: bool
    row_number: int
    lead: Lead | UnsetType = UNSET
    error: str | UnsetType = UNSET
    errors: list[FieldProblem] | UnsetType = UNSET
    code: str | UnsetType = UNSET
    duplicate_of: UUID | UnsetType | None = UNSET
    remark: str | UnsetType = UNSET


class ImportReport(Answer):
    """What became of all rows: `total` is the sum of `successful` and `failed`. Of the failed ones, `duplicates` are
    leads already.
    """

    total: int
    successful: int
    failed: int
    duplicates: int
    results: list[ImportResult]
