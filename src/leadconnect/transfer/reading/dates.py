"""The order of the days in one column. How a single one is spelled is known in `recognition`."""

from collections.abc import Iterable

from leadconnect.transfer.recognition.models import DateOrder
from leadconnect.transfer.recognition.rows.dates import UnknownDay, order_of, parse_day

__all__ = ["UnknownDay", "day_first", "parse_day"]


def day_first(spellings: Iterable[str]) -> bool | None:
    """Return whether the days of one column are written day before month, as their numbers prove: a first part over 12
    says yes, a second part over 12 no. ``None`` when nothing is proved, or both.
    """
    proofs = {order_of(spelling) for spelling in spellings} - {None}
    return proofs == {DateOrder.DAY_FIRST} if len(proofs) == 1 else None
