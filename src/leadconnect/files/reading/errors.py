"""Why a file is not read. Readers raise nothing else."""

from leadconnect.errors import MalformedRequest, PayloadTooLarge, UnsupportedMediaType


class UnreadableFile(MalformedRequest):
    """The file cannot be read."""

    code = "unreadable_file"


class UnsupportedFile(UnsupportedMediaType):
    """The file is of a kind that cannot be read. Please save it as CSV (UTF-8) or .xlsx."""

    code = "unsupported_file"


class TooManyRows(PayloadTooLarge):
    """The file has too many rows."""

    code = "too_many_rows"


class FileTooLarge(PayloadTooLarge):
    """The file is too large."""

    code = "file_too_large"


def too_many_rows(limit: int) -> TooManyRows:
    """Return the refusal of a file that has more than `limit` rows."""
    return TooManyRows(f"A file may have {limit:,} rows; this one has more. Please split it.")
