"""The properties of a card, from its unfolded lines to the cells of a row; enter by `card_cells`."""

import quopri
import re
from collections.abc import Iterable

import msgspec

PHONES, EMAILS = 5, 3
HEADER = [
    "Name", "Company Name", "Designation",
    *(f"Phone {number}" if number > 1 else "Phone" for number in range(1, PHONES + 1)),
    *(f"Email {number}" if number > 1 else "Email" for number in range(1, EMAILS + 1)),
    "Street", "City", "State", "Pincode", "Country", "Date of Birth", "Website", "Labels", "Notes", "Other",
]  # fmt: skip
"""The columns of every file of cards."""
UNREAD = frozenset({
    "BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "PHOTO", "LOGO", "SOUND", "KEY", "LABEL", "SORT-STRING", "CLASS",
    "MAILER", "AGENT", "SOURCE", "KIND", "CLIENTPIDMAP", "X-ABLABEL", "X-ABADR", "X-ABSHOWAS", "X-ABUID", "XML",
    "X-IMAGEHASH", "X-IMAGETYPE",
})  # fmt: skip
"""Properties that say nothing of a lead: pictures, keys, what programs note for themselves."""
PLAIN = {"TITLE": "Designation", "URL": "Website", "CATEGORIES": "Labels", "NOTE": "Notes"}
PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z0-9-]+)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
PARTS = re.compile(r"((?:\\.|[^\\;])*)(?:;|\Z)", re.DOTALL)
COMPACT_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?")
NO_YEAR = "1604"
"""The year by which Apple's cards say that there is none."""


class Property(msgspec.Struct, frozen=True):
    """A property: its name in capitals, its parameters in capitals, and its value as written, decoded."""

    name: str
    parameters: frozenset[str]
    value: str

    @property
    def text(self) -> str:
        """The value without escapes."""
        return _unescaped(self.value)

    @property
    def parts(self) -> list[str]:
        """The parts of a structured value."""
        return [_unescaped(part) for part in PARTS.findall(self.value)]

    @property
    def is_preferred(self) -> bool:
        """Return whether the card prefers it to others of the same name."""
        return any(parameter == "PREF" or parameter.startswith("PREF=") or "PREF" in parameter.split(",")
                   for parameter in self.parameters)  # fmt: skip


def parse_property(line: str) -> Property | None:
    """Return the property in an unfolded line, ``None`` where there is none."""
    found = PROPERTY.fullmatch(line)
    if found is None:
        return None
    parameters = [parameter.strip() for parameter in found[2].split(";") if parameter.strip()]
    names = frozenset(parameter.upper().removeprefix("TYPE=").replace('"', "") for parameter in parameters)
    value = found[3]
    if not names.isdisjoint({"QUOTED-PRINTABLE", "ENCODING=QUOTED-PRINTABLE"}):
        charset = next((one[8:] for one in parameters if one.upper().startswith("CHARSET=")), "utf-8")
        value = _decoded(quopri.decodestring(value.encode("utf-8", "surrogatepass")), charset)
    return Property(found[1].upper(), names, value)


def is_quoted_printable(line: str) -> bool:
    """Return whether the value of a property goes on in the next line where this one ends with ``=``."""
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def card_cells(properties: Iterable[Property]) -> list[str]:
    """Return the cells of a card under `HEADER`. What has no column of its own is kept in the last one."""
    cells = dict.fromkeys(HEADER, "")
    phones: list[tuple[bool, str]] = []
    emails: list[tuple[bool, str]] = []
    other: list[str] = []
    parts: list[str] = []
    for one in properties:
        if one.name in UNREAD or not one.value.strip(" ;"):
            continue
        if one.name == "N":
            parts = one.parts
        elif one.name == "TEL":
            phones.append((not one.is_preferred, one.text.removeprefix("tel:").replace(";ext=", " ext. ")))
        elif one.name == "EMAIL":
            emails.append((not one.is_preferred, one.text.removeprefix("mailto:")))
        elif not _take(one, cells):
            other.append(f"{one.name.removeprefix('X-').capitalize()}: {', '.join(filter(None, one.parts))}")
    cells["Name"] = cells["Name"] or _joined(parts)
    _fill(cells, "Phone", PHONES, phones)
    _fill(cells, "Email", EMAILS, emails)
    cells["Other"] = "\n".join(other)
    return list(cells.values())


def _take(one: Property, cells: dict[str, str]) -> bool:
    """Put a property into its cell; return whether it has one that is free."""
    if one.name == "FN" and not cells["Name"]:
        cells["Name"] = one.text.strip()
    elif one.name == "ORG" and not cells["Company Name"]:
        company, *units = one.parts
        cells["Company Name"] = company or ", ".join(filter(None, units))
        return not (company and any(units))
    elif one.name == "BDAY" and not cells["Date of Birth"]:
        cells["Date of Birth"] = _day(one.text)
    elif one.name == "ADR" and not any(cells[name] for name in ("Street", "City", "State", "Pincode", "Country")):
        box, more, street, city, state, code, country = [*one.parts, *[""] * 7][:7]
        cells["Street"] = ", ".join(filter(None, (street, more, box)))
        cells.update({"City": city, "State": state, "Pincode": code, "Country": country})
    elif (column := PLAIN.get(one.name)) and not cells[column]:
        cells[column] = one.text
    else:
        return False
    return True


def _fill(cells: dict[str, str], name: str, count: int, values: list[tuple[bool, str]]) -> None:
    """Put values into the columns of a name, the preferred ones first; the last column takes all that are left."""
    found = list(dict.fromkeys(value.strip() for _, value in sorted(values, key=lambda one: one[0])))
    for at in range(min(count, len(found))):
        column = name if at == 0 else f"{name} {at + 1}"
        cells[column] = found[at] if at < count - 1 else "; ".join(found[at:])


def _joined(parts: list[str]) -> str:
    """Return the name of a structured one: prefix, given, additional and family name, suffix."""
    family, given, additional, prefix, suffix = [*parts, *[""] * 5][:5]
    return " ".join(" ".join((prefix, given, additional, family, suffix)).replace(",", " ").split())


def _day(text: str) -> str:
    found = COMPACT_DAY.fullmatch(text.strip())
    if found is None:
        return text
    return f"--{found[2]}-{found[3]}" if found[1] == NO_YEAR else f"{found[1]}-{found[2]}-{found[3]}"


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def _decoded(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset.strip('" '), "replace")
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")
