"""Looking for secrets in whatever a server leaves behind."""

import base64
import re
import subprocess
from pathlib import Path
from urllib.parse import quote

from leadconnect.database.embedded import binaries

SHORT_LENGTH = 8
"""Below this many characters a secret is sought as a word of its own: six digits are in every third number."""


class Secrets:
    """Texts that nobody may find, each under a name by which a test may call it without showing it."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def add(self, name: str, secret: str) -> str:
        """Remember a secret, and return it."""
        assert secret
        self._secrets[name] = secret
        return secret

    def among(self, content: bytes) -> set[str]:
        """Return the names of the secrets that are in `content`, plain or in a usual disguise."""
        lowered = content.lower()
        return {name for name, secret in self._secrets.items() if _is_in(secret, content, lowered)}

    def among_files(self, folder: Path) -> set[str]:
        """Return the names of the secrets that are in any file below `folder`, each with the file."""
        found = set()
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                found |= {f"{name} in {path.relative_to(folder)}" for name in self.among(path.read_bytes())}
        return found


def _is_in(secret: str, content: bytes, lowered: bytes) -> bool:
    """Tell whether `secret` is in `content`: plain, hexadecimal, quoted for an address, or in base64."""
    raw = secret.encode()
    if raw.hex().encode() in lowered:
        return True
    if len(secret) < SHORT_LENGTH:
        word = rb"(?<![0-9A-Za-z.])" + re.escape(raw) + rb"(?![0-9A-Za-z])"
        return re.search(word, content) is not None
    forms = (raw, quote(secret).encode(), *_base64_forms(raw))
    return any(form in content for form in forms)


def _base64_forms(raw: bytes) -> list[bytes]:
    """Return what of `raw` can be seen in base64 (RFC 4648 §4, §5), wherever it begins among other bytes."""
    found = []
    for ahead in range(3):
        encoded = base64.b64encode(b"\0" * ahead + raw)
        known = encoded[-(-ahead * 8 // 6) : len(encoded) - 4]
        found += [known, known.replace(b"+", b"-").replace(b"/", b"_")]
    return found


def dump(superuser_url: str) -> bytes:
    """Return the whole database as text."""
    command = [str(binaries() / "pg_dump"), "--dbname", superuser_url, "--inserts"]
    return subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
