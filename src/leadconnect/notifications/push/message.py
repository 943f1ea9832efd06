"""The message that the service worker of a browser gets. Pure."""

import base64
import hashlib
from uuid import UUID

import msgspec

from leadconnect.mail.announcements import Kind

TEST = "test"
TYPES: dict[Kind, str] = {Kind.LEADS_IMPORTED: Kind.NEW_LEAD.value}
"""The ``data.type`` of kinds that have another name in service workers."""
STAYING = frozenset({Kind.HOT_LEAD.value, Kind.FOLLOW_UP.value})
"""The types that stay on the screen until the user dismisses them."""


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """A message to one browser. It replaces an earlier one with the same `tag`."""

    title: str
    body: str
    type: str
    tag: str
    lead_id: UUID | None = None

    @property
    def topic(self) -> str:
        """The tag for the push service (RFC 8030 §5.4).

        The service replaces a waiting message of the same topic.
        """
        return base64.urlsafe_b64encode(hashlib.sha256(self.tag.encode()).digest())[:32].decode("ascii")

    @property
    def urgency(self) -> str:
        """The urgency for devices that save power (RFC 8030 §5.3)."""
        return "high" if self.type in STAYING or self.type == TEST else "normal"

    def payload(self, public_url: str) -> bytes:
        """Return the message as JSON. Its links are below `public_url`, or relative if it is empty."""
        content = {
            "title": self.title,
            "body": self.body,
            "icon": f"{public_url}/favicon.ico",
            "badge": f"{public_url}/favicon.ico",
            "tag": self.tag,
            "requireInteraction": self.type in STAYING,
            "data": {"url": page(public_url, self.lead_id) or "/", "type": self.type, "leadId": self.lead_id},
        }
        return msgspec.json.encode(content)


def page(public_url: str, lead_id: UUID | None) -> str:
    """Return the URL that a notification opens; empty without a lead and a public URL."""
    root = public_url.rstrip("/")
    return f"{root}/dashboard?lead={lead_id}" if lead_id is not None else root


def push_of(kind: Kind, title: str, body: str, lead_id: UUID | None, event_key: str) -> Push:
    """Return the push for a notification.

    Those about one lead share a tag, so the last one is shown.
    """
    tag = f"lead-{lead_id}" if lead_id is not None else event_key
    return Push(title=title, body=body, type=TYPES.get(kind, kind.value), tag=tag, lead_id=lead_id)


TEST_PUSH = Push(title="LeadConnect", body="Notifications work on this device.", type=TEST, tag=TEST)
