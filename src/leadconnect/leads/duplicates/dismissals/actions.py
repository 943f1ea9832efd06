"""Dismiss a pair of duplicates: say that two leads are not the same person, and take that back."""

from uuid import UUID

from leadconnect.auth.principal import Principal
from leadconnect.database.pool import Connection
from leadconnect.errors import FieldCode, FieldError, ValidationFailed
from leadconnect.leads.actions import LeadMerged, NoSuchLead
from leadconnect.leads.duplicates.dismissals import queries
from leadconnect.leads.merging import queries as merging


async def dismiss(connection: Connection, principal: Principal, lead_id: UUID, other_id: UUID) -> None:
    """Keep that two leads are not the same person, whichever of them is named first. Safe to repeat.

    Raises:
        NoSuchLead, LeadMerged, ValidationFailed: see `_require_two`.
    """
    await _require_two(connection, principal.account_id, lead_id, other_id)
    await queries.add(connection, principal.account_id, lead_id, other_id, principal.user_id)


async def restore(connection: Connection, principal: Principal, lead_id: UUID, other_id: UUID) -> None:
    """Forget that two leads are not the same person. Safe to repeat.

    Raises:
        NoSuchLead, LeadMerged, ValidationFailed: see `_require_two`.
    """
    await _require_two(connection, principal.account_id, lead_id, other_id)
    await queries.remove(connection, principal.account_id, lead_id, other_id)


async def _require_two(connection: Connection, account_id: UUID, lead_id: UUID, other_id: UUID) -> None:
    """Lock two leads, so that neither is merged meanwhile.

    Raises:
        NoSuchLead: one of them is not in this account, or deleted.
        LeadMerged: one of them was merged into another one.
        ValidationFailed: both are the same lead.
    """
    rows = await merging.lock(connection, account_id, [lead_id, other_id])
    for each in (lead_id, other_id):
        if each not in rows:
            raise NoSuchLead
        if rows[each]["deleted_at"] is not None:
            survivor_id = await merging.redirect(connection, account_id, each)
            raise LeadMerged(survivor_id) if survivor_id else NoSuchLead
    if lead_id == other_id:
        requirement = "must be another lead than the one in the address"
        raise ValidationFailed([FieldError.of("other", FieldCode.SAME_LEAD, requirement)])
