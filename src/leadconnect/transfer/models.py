"""Import as nouns: what is sent to it, and what it reports."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from leadconnect.leads.fields import LeadInput
from leadconnect.leads.models import Lead
from leadconnect.wire import Answer, Input, text

OptionalPhone = Annotated[str, text(50)]


class LeadImport(Input):
    """Leads to import. Each is judged by itself, by the rules of a new lead, and a bad one costs only itself."""

    leads: Annotated[list[dict[str, Any]], Meta(min_length=1)]


class FileLead(LeadInput, kw_only=True):
    """A lead from a file, which may have an e-mail address in place of a phone number."""

    phone_number: OptionalPhone = ""


class ImportResult(Answer):
    """What became of one row, counted from 1: the lead as it was stored, or why it was not."""

    success: bool
    row_number: int
    lead: Lead | UnsetType = UNSET
    error: str | UnsetType = UNSET


class ImportReport(Answer):
    """What became of all rows; `total` is the sum of the other two."""

    total: int
    successful: int
    failed: int
    results: list[ImportResult]
