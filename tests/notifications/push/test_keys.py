"""The keys of push: ours is made once and kept, or given; those of browsers are read in every usual spelling."""

import base64
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from structlog.testing import capture_logs

from leadconnect.notifications.push.keys import (
    NoPushKey,
    check_push_settings,
    decoded_key,
    decoded_secret,
    is_set_up,
    normal_key,
    vapid_key,
)
from leadconnect.settings import InvalidSettings, Settings, load_settings
from tests.notifications.push.service import Received, base64url, claims_of, from_base64url

NOW = datetime(2031, 3, 4, 5, 6, 7, tzinfo=UTC)
GIVEN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
GIVENS_POINT = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
"""The key pair of the example in RFC 8291 §5."""


def settings(folder: Path, **changes: str) -> Settings:
    return Settings(data_dir=folder, **changes)  # type: ignore[arg-type]


def test_a_key_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = vapid_key(settings(tmp_path / "data")), vapid_key(settings(tmp_path / "data"))
    other = vapid_key(settings(tmp_path / "other"))
    assert first.public_key == second.public_key != other.public_key
    assert decoded_key(first.public_key) is not None
    kept = tmp_path / "data" / "vapid"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = settings(tmp_path / "third", vapid_private_key=kept.read_text())
    assert vapid_key(again).public_key == first.public_key


def test_a_key_that_is_given_wins_and_none_is_made(tmp_path: Path) -> None:
    assert vapid_key(settings(tmp_path, vapid_private_key=GIVEN)).public_key == GIVENS_POINT
    assert vapid_key(settings(tmp_path, vapid_private_key=GIVEN + "=")).public_key == GIVENS_POINT
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe", b"AAAA" * 10 + b"AAA"])
def test_a_kept_key_that_is_damaged_is_none_and_the_log_says_where(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vapid").write_bytes(content)
    with capture_logs() as lines:
        assert not is_set_up(settings(tmp_path))
    assert [(line["event"], line["path"]) for line in lines] == [("push_key_damaged", str(tmp_path / "vapid"))]
    assert (tmp_path / "vapid").read_bytes() == content


def test_without_a_place_to_keep_it_there_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    homeless = settings(tmp_path / "data")
    assert not is_set_up(homeless)
    with pytest.raises(NoPushKey):
        vapid_key(homeless)
    assert is_set_up(settings(tmp_path / "data", vapid_private_key=GIVEN))


@pytest.mark.parametrize("text", ["A" * 43, "_" * 43])
def test_an_invalid_private_key_is_reported(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidSettings, match="VAPID_PRIVATE_KEY"):
        check_push_settings(settings(tmp_path, vapid_private_key=text))


def test_unreadable_certificates_are_reported(tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings, match="LEADCONNECT_PUSH_CA_FILE"):
        check_push_settings(settings(tmp_path, push_ca_file=str(tmp_path / "none.pem")))
    check_push_settings(settings(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VAPID_PRIVATE_KEY", "short"),
        ("VAPID_PRIVATE_KEY", "!" * 43),
        ("VAPID_SUBJECT", "operator@example.com"),
        ("VAPID_SUBJECT", "http://example.com"),
        ("VAPID_SUBJECT", "mailto:nobody"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidSettings, match=name):
        load_settings({"LEADCONNECT_SECRET": "x" * 32, name: value}, dotenv=None)


def test_the_settings_of_push_are_read() -> None:
    loaded = load_settings(
        {
            "LEADCONNECT_SECRET": "x" * 32,
            "VAPID_PRIVATE_KEY": GIVEN,
            "VAPID_SUBJECT": "https://example.com/contact",
            "LEADCONNECT_PUSH_INNER_HOSTS": "push.internal, 10.0.0.5:8443",
        },
        dotenv=None,
    )
    assert loaded.push_inner_hosts == ("push.internal", "10.0.0.5:8443")
    assert vapid_key(loaded).subject == "https://example.com/contact"


def test_the_signature_says_for_whom_until_when_and_whom_to_ask(tmp_path: Path) -> None:
    key = vapid_key(settings(tmp_path, smtp_from="Leads <ops@example.com>"))
    header = key.authorization("https://push.example.com", NOW)
    claims, public_key = claims_of(Received("/", {"Authorization": header}, b""))
    assert public_key == key.public_key
    assert claims["aud"] == "https://push.example.com"
    assert claims["sub"] == "mailto:ops@example.com"
    assert timedelta(0) < datetime.fromtimestamp(claims["exp"], UTC) - NOW <= timedelta(hours=24)


def test_a_browsers_keys_are_read_in_both_alphabets_padded_or_not() -> None:
    point = from_base64url(GIVENS_POINT)
    for text in (GIVENS_POINT, GIVENS_POINT + "=", base64.b64encode(point).decode()):
        assert decoded_key(text) == point
        assert normal_key(text) == GIVENS_POINT
    secret = bytes(range(240, 256))
    for text in (base64url(secret), base64.b64encode(secret).decode()):
        assert decoded_secret(text) == secret


@pytest.mark.parametrize("text", ["", "x", "####", GIVENS_POINT[:-1], GIVENS_POINT[:-4] + "AAAA", "é" * 87, "A" * 87])
def test_what_is_no_point_of_the_curve_is_no_key(text: str) -> None:
    assert decoded_key(text) is None


def test_a_compressed_point_is_no_key_for_browsers_send_none() -> None:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert decoded_key(base64url(point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))) is None


@pytest.mark.parametrize("text", ["", "x", "A" * 21, "A" * 23, "#" * 22])
def test_a_secret_has_sixteen_bytes(text: str) -> None:
    assert decoded_secret(text) is None


def test_the_kept_key_is_text_that_the_setting_takes(tmp_path: Path) -> None:
    vapid_key(settings(tmp_path))
    text = (tmp_path / "vapid").read_text()
    loaded = load_settings({"LEADCONNECT_SECRET": "x" * 32, "VAPID_PRIVATE_KEY": text}, dotenv=None)
    assert json.dumps(loaded.vapid_private_key) == json.dumps(text)
