"""Which system a file comes from, as its headers tell, and what its columns are there."""

import re
from collections.abc import Sequence

import msgspec

from leadconnect.recognition.headers import HEADER_COUNT, HEADER_LENGTH, clean_header, header_key, target_of
from leadconnect.recognition.models import EXTERNAL_ID, IGNORED, NOTES
from leadconnect.recognition.vocabulary.address_books import ADDRESS_BOOKS
from leadconnect.recognition.vocabulary.campaigns import CAMPAIGNS
from leadconnect.recognition.vocabulary.crms import CRMS, PIPEDRIVE_COLUMNS, PIPEDRIVE_ENTITIES
from leadconnect.recognition.vocabulary.system import System

NUMBER = re.compile(r"\d+")
BEFORE_DASH = re.compile(r"([^-]{1,30}) - (.+)")
OF_AN_ADDRESS = re.compile(r" (?:of|de|von|del) .*$", re.IGNORECASE)

PIPEDRIVE = {
    entity: System(name=name, title=title, signatures=(), columns=PIPEDRIVE_COLUMNS, source_name="Pipedrive")
    for entity, name, title in (
        ("deal", "pipedrive_deals", "Pipedrive deals"),
        ("lead", "pipedrive_leads", "Pipedrive leads"),
        ("person", "pipedrive", "Pipedrive people"),
        ("organization", "pipedrive_organizations", "Pipedrive organizations"),
    )
}
"""One system for each table, for their ids are numbered each on its own. A file of the first has columns of all."""

SYSTEMS = (*ADDRESS_BOOKS, *CRMS, *CAMPAIGNS)
SYSTEM_OF_NAME = {system.name: system for system in reversed((*SYSTEMS, *PIPEDRIVE.values()))}


def any_number(header: str) -> str:
    """Return the key of `header`, with 0 for every number."""
    return NUMBER.sub("0", header_key(header))


class _Known(msgspec.Struct, frozen=True):
    """A system with its headers as keys."""

    system: System
    signatures: tuple[frozenset[str], ...]
    targets: dict[str, str]


def _known(system: System) -> _Known:
    return _Known(
        system=system,
        signatures=tuple(frozenset(map(header_key, signature)) for signature in system.signatures),
        targets={any_number(header): target for target, headers in system.columns.items() for header in headers},
    )


_KNOWN = tuple(map(_known, SYSTEMS))
_PIPEDRIVE_TARGETS = _known(PIPEDRIVE["person"]).targets
_ENTITY_OF_KEY = {header_key(word): entity for entity, words in PIPEDRIVE_ENTITIES.items() for word in words}
_TARGETS_OF_ALL = {key: target for known in _KNOWN for key, target in known.targets.items()}


class Origin(msgspec.Struct, frozen=True):
    """The system that a file comes from, and the target of each of its headers that the system is known for."""

    system: System
    targets: tuple[str | None, ...]


def origin_of(header: Sequence[str]) -> Origin | None:
    """Return the system whose export has `header`: of those with a whole signature the one that knows most of it."""
    entities = [entity for cell in header if (entity := _entity(cell)[0])]
    if len(entities) > 1:
        system = next(system for entity, system in PIPEDRIVE.items() if entity in entities)
        return Origin(system, tuple(_pipedrive_target(cell, system) for cell in header))
    keys = frozenset(map(header_key, header))
    numbered = [any_number(cell) for cell in header]
    best: tuple[int, _Known] | None = None
    for known in _KNOWN:
        if any(signature <= keys for signature in known.signatures):
            score = sum(key in known.targets for key in numbered)
            if best is None or score > best[0]:
                best = score, known
    if best is None:
        return None
    return Origin(best[1].system, tuple(best[1].targets.get(key) for key in numbered))


def _entity(header: str) -> tuple[str | None, str]:
    """Return which of Pipedrive's tables `header` belongs to, if any, and the rest of it."""
    found = BEFORE_DASH.fullmatch(clean_header(header[:HEADER_LENGTH]))
    return (_ENTITY_OF_KEY.get(header_key(found[1])), found[2]) if found else (None, header)


def _pipedrive_target(header: str, system: System) -> str | None:
    entity, rest = _entity(header)
    if entity is None:
        return None
    if header_key(rest) == "id":
        return EXTERNAL_ID if PIPEDRIVE[entity] is system else IGNORED
    known = _PIPEDRIVE_TARGETS.get(header_key(f"{entity} - {rest}"))
    if known is not None:
        return known
    target = target_of(OF_AN_ADDRESS.sub("", rest)) or target_of(rest.split(" - ")[0])
    if target == "name" and entity != "person":
        return "companyName" if entity == "organization" else NOTES
    return target


def header_score(cells: Sequence[str]) -> int:
    """Return how many different fields `cells` would name if they were a header."""
    targets = set()
    for cell in cells[:HEADER_COUNT]:
        target = target_of(cell)
        if target is None and (entity := _entity(cell))[0]:
            target = target_of(entity[1].split(" - ")[0])
        if target is None:
            target = _TARGETS_OF_ALL.get(any_number(cell))
        targets.add(target)
    return len(targets - {None, EXTERNAL_ID, IGNORED, NOTES})
