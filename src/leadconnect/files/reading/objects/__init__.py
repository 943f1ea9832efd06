"""JSON (RFC 8259): the objects of one list, one object, or objects one after the other (JSON Lines)."""
