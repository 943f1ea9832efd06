"""What a lead gets where its row is silent, and what the row itself says."""

from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.recognition.models import Mapping, Reading
from leadconnect.recognition.systems import SYSTEM_OF_NAME
from leadconnect.recognition.values import Defaults
from leadconnect.recognition.vocabulary.campaigns import OWN_TEMPLATE

ALWAYS = {
    "phoneNumber": "",
    "customerCategory": CustomerCategory.POTENTIAL.value,
    "leadStatus": LeadStatus.NEW.value,
}
"""What a lead is where its row does not tell, whatever the file comes from."""
IMPORT = "Import"
"""The name of the source of leads whose file says nothing of it."""
NOTES_FIELD = "additionalNotes"


def defaults_of(mapping: Mapping) -> dict[str, str]:
    """Return the values, by wire name, of leads from such a file where a row gives none.

    The caller's defaults win. Without one the source is that of the system that the file comes from, else `other` under
    the name of the system, or `IMPORT` where none is recognised.
    """
    chosen = mapping.values.defaults or Defaults()
    found = dict(ALWAYS)
    if chosen.lead_status:
        found["leadStatus"] = chosen.lead_status.value
    if chosen.customer_category:
        found["customerCategory"] = chosen.customer_category.value
    system = SYSTEM_OF_NAME.get(mapping.system or "")
    system = None if system is OWN_TEMPLATE else system
    source = chosen.lead_source or (system.source if system else None) or LeadSource.OTHER.value
    name = chosen.custom_lead_source or (system.source_name or system.title if system else IMPORT)
    named = {"customLeadSource": name} if source == LeadSource.OTHER else {}
    return found | {"leadSource": str(source)} | named


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
