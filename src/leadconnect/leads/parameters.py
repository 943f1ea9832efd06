"""Headers about versions of a lead, as routes declare them."""

from typing import Annotated, Any

from litestar.params import HeaderParameter

IfMatch = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match", description="The entity tag or the `version` of the lead that is meant, or `*` for any."
    ),
]
IfNoneMatch = Annotated[
    str | None,
    HeaderParameter(name="If-None-Match", description="The entity tag that is known: 304 while it is still current."),
]
TAGGED: dict[str, Any] = {
    "ETag": {"description": "The entity tag of this version.", "required": True, "schema": {"type": "string"}}
}
