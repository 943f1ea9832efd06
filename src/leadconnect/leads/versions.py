"""Versions of a lead: the entity tag (RFC 9110 §8.8.3) and the conditions that name one."""

from uuid import UUID


def lead_version(lead_id: UUID, updated_epoch: float) -> str:
    """Return the version of a lead last changed `updated_epoch` seconds after 1970; each change has a new one."""
    return f"{lead_id.hex}-{round(updated_epoch * 1_000_000):x}"


def entity_tag(version: str) -> str:
    """Return the strong entity tag of a `version`."""
    return f'"{version}"'


def matches(if_match: str, version: str) -> bool:
    """Compare as RFC 9110 §13.1.1 has it: any version, or one of a list; weak tags never match.

    A version without quotes counts as well, as leads in lists have it.
    """
    return if_match.strip() == "*" or version in [_opaque(part) for part in if_match.split(",")]


def is_known(if_none_match: str | None, version: str) -> bool:
    """Compare as RFC 9110 §13.1.2 has it: any version, or one of a list, weak tags among them."""
    if if_none_match is None:
        return False
    return matches(",".join(part.strip().removeprefix("W/") for part in if_none_match.split(",")), version)


def _opaque(part: str) -> str:
    part = part.strip()
    return part[1:-1] if len(part) > 1 and part[0] == part[-1] == '"' else part
