"""Identifiers: UUID version 7 (RFC 9562 §5.7), so that ids made later sort later and fill an index from its end."""

from uuid import UUID

from uuid_utils.compat import uuid7

from leadconnect.errors import NotFound


def new_id() -> UUID:
    """Return a fresh id."""
    return uuid7()


def parse_id(text: str) -> UUID:
    """Return the id that `text` writes in its canonical 36-character form.

    Raises:
        NotFound: any other text; nothing can have such an id, so it is told apart from no unknown id.
    """
    try:
        found = UUID(text)
    except ValueError:
        raise NotFound from None
    if str(found) != text.lower():
        raise NotFound
    return found
