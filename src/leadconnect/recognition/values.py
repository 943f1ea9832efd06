"""How the statuses and sources that a file writes become ours, and what leads get where their row gives none."""

from typing import Annotated

import msgspec
from msgspec import Meta

from leadconnect.leads.models import CustomerCategory, LeadSource, LeadStatus
from leadconnect.wire import Answer, Input, Text255

MAP_LIMIT = 500
"""Values that a map may have."""
VALUE_LENGTH = 255


Written = Annotated[str, Meta(max_length=VALUE_LENGTH)]
StatusMap = Annotated[dict[Written, LeadStatus], Meta(max_length=MAP_LIMIT)]
"""Statuses as a file writes them, compared without case, accents and punctuation, and the status of ours for each."""
SourceMap = Annotated[dict[Written, LeadSource], Meta(max_length=MAP_LIMIT)]
"""Sources as a file writes them, and the source of ours for each; of ``other`` the words are kept as its name."""


class Defaults(Input):
    """What a lead gets where its row gives nothing. `customLeadSource` is the name of the source `other`; without it
    that is the system that the file is from, or `Import`.
    """

    lead_status: LeadStatus | None = None
    lead_source: LeadSource | None = None
    custom_lead_source: Text255 | None = None
    customer_category: CustomerCategory | None = None


class ValueRules(Answer):
    """How the values of a file are read. An empty map and no defaults leave it to what is known."""

    status_map: StatusMap = msgspec.field(default_factory=dict)
    source_map: SourceMap = msgspec.field(default_factory=dict)
    defaults: Defaults | None = None

    def over(self, remembered: "ValueRules | None") -> "ValueRules":
        """Return these rules, and in place of those that are not given the remembered ones."""
        if remembered is None:
            return self
        return ValueRules(
            self.status_map or remembered.status_map,
            self.source_map or remembered.source_map,
            self.defaults or remembered.defaults,
        )
