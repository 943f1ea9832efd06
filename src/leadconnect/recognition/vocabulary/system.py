"""What is known of a system whose exports are recognised."""

import msgspec

from leadconnect.recognition.models import DateOrder


class System(msgspec.Struct, frozen=True, kw_only=True):
    """A system that leads come from.

    A file is its export when it has all headers of one of `signatures`, which no other system writes. `columns` has the
    headers of each target; any number in a header stands for all, so that ``Phone 1 - Value`` means the second phone
    too. What they leave open is left to the aliases, and then kept in the notes. `source` and `source_name` are the
    lead source where no column tells it: `other` under the title of the system, unless they say more. `date_order` is
    the order of days where no column proves one; `blanks` are cells that say nothing.
    """

    name: str
    title: str
    signatures: tuple[tuple[str, ...], ...]
    columns: dict[str, tuple[str, ...]]
    source: str | None = None
    source_name: str | None = None
    date_order: DateOrder | None = None
    blanks: tuple[str, ...] = ()
