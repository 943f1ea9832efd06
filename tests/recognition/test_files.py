"""Every kind of file that people bring, from its header and records to the leads that are in it."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from leadconnect.files.reading.records import Described, FileFormat, Record
from leadconnect.leads.fields import LeadInput
from leadconnect.recognition import RowReader, Survey, fates, header_score, propose
from leadconnect.recognition.models import Fate, Mapping, Reading
from tests.files.samples import FILES, SOURCES, MadeFile

TODAY = date(2026, 7, 1)
DEFAULTS = {"customerCategory": "potential", "leadStatus": "new"}
NAMED = {
    "pipedrive": "Pipedrive", "pipedrive_organizations": "Pipedrive", "pipedrive_leads": "Pipedrive",
    "pipedrive_deals": "Pipedrive", "freshsales": "Freshsales", "apollo": "Apollo", "zoho": "Zoho CRM",
    "salesforce": "Salesforce", "hubspot": "HubSpot", "constant_contact": "Constant Contact", "ghost": "Ghost",
    "substack": "Substack", "mailchimp": "Mailchimp", "outlook": "Outlook", "google_contacts": "Google Contacts",
}  # fmt: skip
"""The name of the source of leads whose file gives none, by the system that the file is from."""


def described(file: MadeFile) -> Described:
    return Described(FileFormat.CSV, file.header, 1 + len(file.before), delimiter=file.delimiter)


def records(file: MadeFile) -> list[Record]:
    return [Record(line, cells) for line, cells in enumerate(file.rows, start=2 + len(file.before))]


def lost_words(cell: str, fate: Fate, reading: Reading) -> set[str]:
    """Return the words of a cell that went to the notes and are neither there nor in a field."""
    if fate is not Fate.NOTES:
        return set()
    kept = "\n".join(reading.values.values())
    return {word for word in re.findall(r"\w+", cell) if word not in kept}


def mapped(file: MadeFile) -> Mapping:
    survey = Survey(described(file))
    for record in records(file):
        survey.add(record)
    return propose(described(file), survey, region="IN")


def read(file: MadeFile) -> Iterator[tuple[Record, Reading, LeadInput | None, Mapping]]:
    """Yield each record with what it says, and the lead it is."""
    mapping = mapped(file)
    reader = RowReader(mapping, described(file), today=TODAY)
    for record in records(file):
        reading = reader.read(record)
        judged = None if reading.skip else reader.judge(reading)
        yield record, reading, judged if isinstance(judged, LeadInput) else None, mapping


every_file = pytest.mark.parametrize("file", FILES.values(), ids=[f"{source}-{number}" for source, number in FILES])


@every_file
def test_a_file_is_known_by_its_header(file: MadeFile) -> None:
    assert mapped(file).system == file.system


@every_file
def test_a_file_gives_the_leads_that_are_in_it(file: MadeFile) -> None:
    for (_, reading, lead, _), outcome in zip(read(file), file.outcomes, strict=True):
        if isinstance(outcome, str):
            assert lead is None
            assert (reading.skip or reading.faults[0].code) == outcome
        else:
            external = {"externalId": reading.external_id} if reading.external_id else {}
            given = dict(file.defaults) | dict(outcome)
            source = {"leadSource": "other", "customLeadSource": NAMED.get(file.system or "", "Import")}
            assert reading.values | external == DEFAULTS | ({} if "leadSource" in given else source) | given
            assert lead is not None


@every_file
def test_every_cell_that_is_not_blank_has_a_fate(file: MadeFile) -> None:
    for record, reading, lead, mapping in read(file):
        found = fates(record, mapping, reading)
        assert set(found) == {at for at, cell in enumerate(record.cells) if cell.strip()}
        if lead is None:
            assert set(found.values()) <= {Fate.REJECTED, Fate.SKIPPED}
        lost = {record.cells[at] for at, fate in found.items() if lost_words(record.cells[at], fate, reading)}
        assert not lost


@every_file
def test_a_header_line_scores_higher_than_every_row(file: MadeFile) -> None:
    score = header_score(file.header)
    assert score >= 2 or file.source == "substack"
    assert all(header_score(row) < score for row in file.rows if row != file.header)


def test_there_are_three_files_or_more_of_each_source() -> None:
    assert all((source, 3) in FILES for source in SOURCES)
    assert len(SOURCES) >= 28
