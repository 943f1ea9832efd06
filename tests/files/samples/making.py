"""What a made file is, and how it is written down."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Lead = Mapping[str, str]
Outcome = Lead | str


@dataclass(frozen=True)
class MadeFile:
    """A file, and what is in it.

    `outcomes` has for each row the values of its lead by wire name, without the defaults, and with ``externalId`` for
    the other system's id; or a word: the reason for which it is skipped, or the code of the fault it is rejected for.
    `before` and `after` are lines around the table.
    """

    source: str
    system: str | None
    header: list[str]
    rows: list[list[str]]
    outcomes: list[Outcome]
    delimiter: str = ","
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    defaults: Lead = field(default_factory=dict)

    def csv(self) -> bytes:
        """Return the file as CSV."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerow(self.header)
        writer.writerows(self.rows)
        lines = [f"{line}{self.line_end}" for line in self.before]
        tail = [f"{line}{self.line_end}" for line in self.after]
        return "".join([*lines, stream.getvalue(), *tail]).encode(self.encoding)


Row = Mapping[str, str] | Sequence[str]


def make(
    source: str,
    system: str | None,
    header: str | Sequence[str],
    rows: Sequence[tuple[Row, Outcome]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    line_end: str = "\r\n",
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
    defaults: Lead | None = None,
) -> MadeFile:
    """Return a file. Headers may be given as one text,"
    " divided by commas or semicolons; a row as its filled cells by header."""
    names = header.split(";" if ";" in header else ",") if isinstance(header, str) else list(header)
    cells = []
    for row, _ in rows:
        if isinstance(row, Mapping):
            assert row.keys() <= set(names), row.keys() - set(names)
            cells.append([row.get(name, "") for name in names])
        else:
            cells.append(list(row))
    return MadeFile(
        source=source,
        system=system,
        header=names,
        rows=cells,
        outcomes=[outcome for _, outcome in rows],
        delimiter=delimiter,
        encoding=encoding,
        line_end=line_end,
        before=before,
        after=after,
        defaults=defaults or {},
    )


def notes(*lines: str) -> str:
    """Return the lines as notes."""
    return "\n".join(lines)
