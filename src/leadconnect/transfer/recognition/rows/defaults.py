"""What a lead gets where its row is silent, and what the row itself says."""

from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.transfer.recognition.models import Mapping, Reading
from leadconnect.transfer.recognition.systems import SYSTEM_OF_NAME

ALWAYS = {
    "phoneNumber": "",
    "customerCategory": CustomerCategory.POTENTIAL.value,
    "leadStatus": LeadStatus.NEW.value,
}
"""What a lead is where its row does not tell, whatever the file comes from."""
NOTES_FIELD = "additionalNotes"


def defaults_of(mapping: Mapping) -> dict[str, str]:
    """Return the values, by wire name, of leads from such a file where a row gives none: the source is the system that
    the file comes from.
    """
    system = SYSTEM_OF_NAME.get(mapping.system or "")
    if system is None:
        return ALWAYS | {"leadSource": LeadSource.WEBSITE.value}
    named = {"customLeadSource": system.source_name} if system.source == LeadSource.OTHER and system.source_name else {}
    return ALWAYS | {"leadSource": system.source} | named


def fill(values: dict[str, str], defaults: dict[str, str]) -> None:
    """Add to the `values` of a row those of the `defaults` that it does not give. The name of the system's source
    belongs to that source: a row that gives one of its own does not get it.
    """
    gives_source = "leadSource" in values
    for field, default in defaults.items():
        if field != "customLeadSource" or not gives_source:
            values.setdefault(field, default)


def given(reading: Reading) -> dict[str, str]:
    """Return the values that come out of the row's own cells, by wire name."""
    return {field: value for field, value in reading.values.items() if field in reading.origins or field == NOTES_FIELD}
