"""What is said to users about rows that share a phone or an e-mail address with other people. Pure."""

from collections.abc import Iterable, Mapping

from leadconnect.imports.models import Share
from leadconnect.imports.options import MatchKey
from leadconnect.imports.repeats.grouping import SHARED
from leadconnect.recognition.models import Mapping as FileMapping
from leadconnect.recognition.models import Remark

FIELDS = {SHARED[MatchKey.PHONE]: "phoneNumber", SHARED[MatchKey.EMAIL]: "email"}
NAMES = {"phoneNumber": "phone number", "email": "e-mail address"}


def merged(row_shares: Iterable[Share], lead_shares: Iterable[Share]) -> tuple[Share, ...]:
    """Return what a row shares with rows and with leads, one item for each kind."""
    found: dict[str, Share] = {}
    for share in (*row_shares, *lead_shares):
        known = found.get(share.code, Share(share.code))
        found[share.code] = Share(share.code, known.row_numbers + share.row_numbers, known.lead_ids + share.lead_ids)
    return tuple(found.values())


def remarks_on(shares: Iterable[Share], given: Mapping[str, str], mapping: FileMapping | None) -> tuple[Remark, ...]:
    """Return a remark for each of `shares` of a row that says `given`."""
    return tuple(_remark(share, FIELDS[share.code], given, mapping) for share in shares)


def _remark(share: Share, field: str, given: Mapping[str, str], mapping: FileMapping | None) -> Remark:
    columns = mapping.columns if mapping else []
    header = next((column.header for column in columns if column.target == field), "")
    others = [f"row {number}" for number in share.row_numbers]
    if share.lead_ids:
        others.append("an existing lead" if len(share.lead_ids) == 1 else "existing leads")
    message = f"The {NAMES[field]} is also that of {_listed(others)}, under another name; the row is another person"
    return Remark(code=share.code, column=header, cell=given.get(field, ""), message=message)


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
