"""Cross-origin requests (Fetch standard, section "CORS protocol"): which sites' pages may read our answers."""

from collections.abc import Iterable

HeaderList = list[tuple[bytes, bytes]]

METHODS = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
REQUEST_HEADERS = (
    b"Content-Type, Authorization, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, Prefer, X-Request-Id, "
    b"X-Token-Rotation"
)
"""What a page may send. Accept and Accept-Language need no permission; browsers set Accept-Encoding by themselves."""
EXPOSED_HEADERS = (
    b"Content-Disposition, ETag, Idempotent-Replayed, Location, Retry-After, WWW-Authenticate, X-Request-Id"
)
PREFLIGHT_SECONDS = 600

VARY = (b"vary", b"Origin")


class Cors:
    """The allow-list `origins`, each exactly as a browser sends it, such as ``https://app.example.com``.

    All header lists are made once and shared: do not change them.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        listed = [origin.encode("latin-1", "replace") for origin in origins]
        self._otherwise: HeaderList = [VARY] if listed else []
        self._answers: dict[bytes | None, HeaderList] = {origin: _allowed(origin) for origin in listed}
        self._preflights: dict[bytes | None, HeaderList] = {
            origin: [
                (b"access-control-allow-methods", METHODS),
                (b"access-control-allow-headers", REQUEST_HEADERS),
                (b"access-control-max-age", str(PREFLIGHT_SECONDS).encode()),
            ]
            for origin in listed
        }

    def answer_headers(self, origin: bytes | None) -> HeaderList:
        """Return the fields of an answer to a request from `origin`: none that allow anything unless it is listed."""
        return self._answers.get(origin, self._otherwise)

    def preflight_headers(self, origin: bytes | None) -> HeaderList:
        """Return the fields that an answer to a preflight request from `origin` has besides `answer_headers`."""
        return self._preflights.get(origin, [])


def _allowed(origin: bytes) -> HeaderList:
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"access-control-expose-headers", EXPOSED_HEADERS),
        VARY,
    ]
