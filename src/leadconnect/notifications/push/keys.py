"""The keys of web push: that of this installation (VAPID, RFC 8292), and those of browsers.

The private key is generated once and kept in the data folder, unless the settings give one. Browsers subscribe with the
public key, so a change of it invalidates all subscriptions.
"""

import base64
import binascii
import ssl
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from leadconnect.errors import LeadConnectError
from leadconnect.mail.message import parse_mailbox
from leadconnect.notifications.push.encryption import CURVE, point_of
from leadconnect.settings import InvalidSettings, Settings, kept_secret

_log = structlog.get_logger()

TOKEN_LIFE = timedelta(hours=12)
"""The lifetime of a signature; push services accept up to a day (RFC 8292 §2)."""


class NoPushKey(LeadConnectError):
    """Push is not set up on this server."""

    status = 503
    code = "no_push_key"


class VapidKey(msgspec.Struct, frozen=True):
    """The key pair of this installation. `public_key` is 65 bytes in base64url."""

    private_key: ec.EllipticCurvePrivateKey
    public_key: str
    subject: str

    def authorization(self, origin: str, now: datetime) -> str:
        """Return the ``Authorization`` header of a push to `origin` (RFC 8292 §3).

        It has a token signed with ES256 (RFC 7518 §3.4), and the public key.
        """
        claims = {"aud": origin, "exp": int((now + TOKEN_LIFE).timestamp()), "sub": self.subject}
        signed = f"{TOKEN_HEADER}.{_encoded(msgspec.json.encode(claims))}"
        numbers = decode_dss_signature(self.private_key.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = b"".join(number.to_bytes(32) for number in numbers)
        return f"vapid t={signed}.{_encoded(signature)}, k={self.public_key}"


def check_push_settings(settings: Settings) -> None:
    """Check the settings of web push without a connection.

    Raises:
        InvalidSettings: ``VAPID_PRIVATE_KEY`` is not a key, or ``LEADCONNECT_PUSH_CA_FILE`` cannot be read.
    """
    if settings.vapid_private_key:
        vapid_key(settings)
    tls_context(settings)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return a TLS context that verifies the certificate chain and host name of a push service.

    Raises:
        InvalidSettings: ``LEADCONNECT_PUSH_CA_FILE`` cannot be read.
    """
    try:
        return ssl.create_default_context(cafile=settings.push_ca_file or None)
    except OSError:
        raise InvalidSettings(
            f"LEADCONNECT_PUSH_CA_FILE: {settings.push_ca_file!r} has no readable certificate"
        ) from None


def vapid_key(settings: Settings) -> VapidKey:
    """Return the key pair of this installation. It is generated on first use.

    Raises:
        InvalidSettings: ``VAPID_PRIVATE_KEY`` is not a private key of the curve.
        NoPushKey: The settings give none, and the data folder cannot store one or has a damaged one.
    """
    subject = settings.vapid_subject or f"mailto:{parse_mailbox(settings.smtp_from).addr_spec}"
    private_key = _private_key(settings.vapid_private_key, settings.data_dir)
    return VapidKey(private_key, _encoded(point_of(private_key)), subject)


@cache
def _private_key(given: str, data_dir: Path) -> ec.EllipticCurvePrivateKey:
    path = data_dir / "vapid"
    try:
        return _derived(given or kept_secret(path, _new_key))
    except InvalidSettings:
        raise NoPushKey from None
    except ValueError:
        if given:
            raise InvalidSettings("VAPID_PRIVATE_KEY: no private key of the curve P-256") from None
        _log.error("push_key_damaged", path=str(path), remedy="restore it from a backup, or delete it")
        raise NoPushKey from None


def _derived(text: str) -> ec.EllipticCurvePrivateKey:
    number = decoded(text)
    if len(number) != 32:
        raise ValueError("not 32 bytes")
    return ec.derive_private_key(int.from_bytes(number), CURVE)


def is_set_up(settings: Settings) -> bool:
    """Return whether this installation has a key for web push. It is generated on first use."""
    try:
        vapid_key(settings)
    except NoPushKey:
        return False
    return True


def _new_key() -> str:
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return _encoded(number.to_bytes(32))


def decoded_key(text: str) -> bytes | None:
    """Decode the public key of a browser, an uncompressed point; None if it is invalid."""
    try:
        point = decoded(text)
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except ValueError:
        return None
    return point if len(point) == 65 else None


def decoded_secret(text: str) -> bytes | None:
    """Decode the authentication secret of a browser (RFC 8291 §3.2); None if it is invalid."""
    try:
        secret = decoded(text)
    except ValueError:
        return None
    return secret if len(secret) == 16 else None


def normal_key(text: str) -> str:
    """Return a key as it is stored and compared: base64url without padding."""
    return _encoded(decoded(text))


def decoded(text: str) -> bytes:
    """Decode base64 of either alphabet (RFC 4648 §4, §5), padded or not.

    Raises:
        ValueError: `text` is not base64.
    """
    plain = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


TOKEN_HEADER = _encoded(b'{"typ":"JWT","alg":"ES256"}')
