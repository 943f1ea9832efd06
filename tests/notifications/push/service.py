"""A real push service in the test's own event loop, over TLS, and browsers that subscribe to it and read what comes."""

import base64
import hmac
import json
import os
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Self

import trustme
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Answer = Callable[[web.Request], web.StreamResponse]


def base64url(content: bytes) -> str:
    """Write bytes as browsers do (RFC 4648 §5, without padding)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """Read what `base64url` writes."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass(frozen=True)
class Received:
    """A message as the push service got it."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Browser:
    """A browser with keys of its own, subscribed at `endpoint`."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def subscription(self) -> dict[str, Any]:
        """The subscription as the browser's `toJSON` writes it."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "keys": {"p256dh": base64url(point), "auth": base64url(self.auth)}}

    @property
    def path(self) -> str:
        """Where at the push service."""
        return "/" + self.endpoint.partition("://")[2].partition("/")[2]

    def read(self, received: Received) -> dict[str, Any]:
        """Decrypt a message (RFC 8291), and return what the service worker would get."""
        assert received.headers["Content-Encoding"] == "aes128gcm"
        content: dict[str, Any] = json.loads(decrypt(received.body, self.key, self.auth))
        return content


def decrypt(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """Read a message of one record as a browser does: the header of RFC 8188 §2.1, the keys of RFC 8291 §3.4."""
    salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
    sender, record = body[21 : 21 + length], body[21 + length :]
    assert (length, len(record) <= size) == (65, True)
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    receiver = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    first = hmac.digest(auth, shared, "sha256")
    material = hmac.digest(first, b"WebPush: info\0" + receiver + sender + b"\1", "sha256")
    second = hmac.digest(salt, material, "sha256")
    content_key = hmac.digest(second, b"Content-Encoding: aes128gcm\0\1", "sha256")[:16]
    nonce = hmac.digest(second, b"Content-Encoding: nonce\0\1", "sha256")[:12]
    padded = AESGCM(content_key).decrypt(nonce, record, None).rstrip(b"\0")
    assert padded.endswith(b"\2")
    return padded[:-1]


class PushService:
    """Takes messages on a port of its own, as ``localhost``. `answers` are given to the next ones in turn, to the paths
    they name, after that 201.
    """

    def __init__(self, folder: Path) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, list[Answer]] = {}
        self.ca_file = folder / "ca.pem"
        self.port = 0
        self._numbers = count(1)
        self._runner: web.AppRunner | None = None

    @property
    def host(self) -> str:
        """The host as the setting names it."""
        return f"localhost:{self.port}"

    async def __aenter__(self) -> Self:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost", "push.example.com").configure_cert(context)
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)  # some answers never end
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def browser(self, host: str = "") -> Browser:
        """Make a browser that is subscribed here, under this service's name or another one."""
        return Browser(f"https://{host or self.host}/send/{next(self._numbers)}")

    def of(self, browser: Browser) -> list[Received]:
        """Return what came for a browser."""
        return [each for each in self.received if each.path == browser.path]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        self.received.append(Received(request.path, dict(request.headers), await request.read()))
        waiting = self.answers.get(request.path)
        answer = waiting.pop(0) if waiting else status(201)
        return answer(request)


def status(code: int, **headers: str) -> Answer:
    """Answer with a status."""
    return lambda request: web.Response(status=code, headers=headers)


def claims_of(received: Received) -> tuple[dict[str, Any], str]:
    """Check the signature of a message (RFC 8292), and return its claims and the key it was made with."""
    scheme, _, rest = received.headers["Authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = parts["t"].split(".")
    assert json.loads(from_base64url(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = from_base64url(signature)
    numbers = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(parts["k"]))
    point.verify(numbers, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return json.loads(from_base64url(claims)), parts["k"]
