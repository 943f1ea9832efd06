"""The file in a form (multipart/form-data, RFC 7578)."""

from typing import Any

from litestar import Request
from litestar.datastructures import UploadFile

from leadconnect.errors import MalformedRequest, ValidationFailed

PART = "file"


async def uploaded_file(request: Request[Any, Any, Any]) -> bytes:
    """Return the bytes of the only part of the form, which is named ``file``; as a file or as text.

    Raises:
        MalformedRequest: the body is no whole form.
        ValidationFailed: other parts than one ``file``.
    """
    await request.body()  # the form is read from what has arrived already
    try:
        form = await request.form()
    except (LookupError, ValueError):  # a charset that is unknown, or text that is not in it
        raise MalformedRequest("The form cannot be read") from None
    given = [value for key, value in form.multi_items() if key == PART]
    faults = [f"property {key[:100]} should not exist" for key in dict(form) if key != PART]
    if len(given) != 1:
        faults.append(f"{PART} must be given once" if given else f"{PART} is required")
    if faults:
        raise ValidationFailed(faults)
    (value,) = given
    return await value.read() if isinstance(value, UploadFile) else str(value).encode()
