"""The values of the columns that choose a status or a source, and what each of them becomes."""

from collections.abc import Mapping as Dictionary

from leadconnect.leads.models import LeadSource
from leadconnect.recognition.headers import header_key
from leadconnect.recognition.models import ColumnValue, Mapping
from leadconnect.recognition.rows.cells import is_blank
from leadconnect.recognition.rows.columns import is_opted_out, known_value
from leadconnect.recognition.rows.defaults import defaults_of
from leadconnect.recognition.survey import Survey

STATUS, SOURCE = "leadStatus", "leadSource"


def mapped_values(mapping: Mapping) -> dict[str, dict[str, str]]:
    """Return what the caller has given values to mean, by the field and by the `header_key` of the value."""
    statuses, sources = mapping.values.status_map, mapping.values.source_map
    return {
        STATUS: {header_key(written): ours.value for written, ours in statuses.items()},
        SOURCE: {header_key(written): ours.value for written, ours in sources.items()},
    }


def list_values(mapping: Mapping, survey: Survey) -> None:
    """Set the `values` of the columns of `mapping` that choose a status or a source."""
    mapped = mapped_values(mapping)
    unknown = {STATUS: defaults_of(mapping)[STATUS], SOURCE: LeadSource.OTHER.value}
    for plan in mapping.columns:
        counts = survey.column(plan.position).counts
        if plan.target in mapped and counts is not None:
            plan.values = [
                _value(plan.target, value, count, mapped[plan.target], unknown[plan.target])
                for value, count in counts.most_common()
                if not is_blank(value, is_name=False)
            ]


def _value(target: str, value: str, count: int, mapped: Dictionary[str, str], unknown: str) -> ColumnValue:
    becomes = known_value(target, value, mapped)
    is_known = becomes is not None or (target == STATUS and is_opted_out(value))
    return ColumnValue(value, count, becomes or unknown, is_known)
