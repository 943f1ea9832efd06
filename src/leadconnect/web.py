"""How a route names what it is given: ``principal: Given[Principal]``, ``connection: Given[Connection]`` and so on.

What there is to be given is in `leadconnect.app.DEPENDENCIES`. Values that we make ourselves are not validated again.
"""

from typing import Annotated, Any, TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import HeaderParameter, SkipValidation

T = TypeVar("T")
Given: TypeAlias = NamedDependency[SkipValidation[T]]
TokenRotation = Annotated[
    str | None,
    HeaderParameter(
        name="X-Token-Rotation", description="`1` for a session whose refresh token changes with each use."
    ),
]
"""The header with which a client says that it stores the refresh token of every answer."""

CREATED: dict[str, Any] = {
    "Location": {
        "description": "The URL of what was created.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
"""The header of a 201 that creates one thing with a URL of its own."""


def rotates(token_rotation: str | None) -> bool:
    """Tell whether a session is to rotate."""
    return token_rotation == "1"
