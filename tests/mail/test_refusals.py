"""Which replies are final and about the recipient, and what is kept of them."""

import aiosmtplib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadconnect.mail.refusals import REPLY_LENGTH, AddressProblem, classify, refusal_of, shortened_reply


@pytest.mark.parametrize(
    ("code", "message", "problem"),
    [
        (550, "5.1.1 <eve@example.com>: Recipient address rejected: User unknown", "unknown"),
        (550, "no such user", "unknown"),
        (553, "5.1.3 bad address syntax", "unknown"),
        (550, "5.1.10 null MX", "unknown"),
        (550, "5.2.1 account disabled", "unknown"),
        (552, "5.2.2 mailbox full", "full"),
        (552, "over quota", "full"),
        (550, "5.7.1 message looks like spam", "refused"),
        (554, "5.7.509 access denied, sending domain does not pass DMARC", "refused"),
        (554, "transaction failed", "refused"),
        (571, "blocked", "refused"),
    ],
)
def test_a_permanent_refusal_of_a_recipient_has_a_problem(code: int, message: str, problem: str) -> None:
    found = classify(code, message)
    assert found is not None
    assert found.problem == problem
    assert "@" not in found.reply


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (450, "4.2.0 greylisted"), (421, "closing"), (452, "4.2.2 over quota for now"),
        (530, "5.7.0 Authentication required"), (535, "5.7.8 bad credentials"), (503, "5.5.1 bad sequence"),
        (554, "5.7.1 <eve@example.com>: Relay access denied"), (550, "5.7.54 SMTP; Unable to relay"),
        (550, "5.1.8 sender address rejected: domain not found"), (501, "5.1.7 bad sender"), (555, "5.5.4 options"),
    ],
)  # fmt: skip
def test_what_passes_or_is_the_operators_fault_says_nothing_about_the_recipient(code: int, message: str) -> None:
    assert classify(code, message) is None


@pytest.mark.parametrize(
    "error",
    [
        aiosmtplib.SMTPAuthenticationError(535, "bad"),
        aiosmtplib.SMTPConnectError("refused"),
        aiosmtplib.SMTPConnectResponseError(554, "no service for your network"),
        aiosmtplib.SMTPSenderRefused(550, "5.1.1 no", "no-reply@example.com"),
        aiosmtplib.SMTPHeloError(550, "go away"),
        aiosmtplib.SMTPServerDisconnected("gone"),
        TimeoutError(),
    ],
)
def test_a_refusal_before_the_recipient_says_nothing_about_them(error: Exception) -> None:
    assert refusal_of(error) is None


def test_a_server_that_cannot_write_to_the_address_is_final() -> None:
    found = refusal_of(aiosmtplib.SMTPNotSupported("SMTPUTF8"))
    assert found is not None
    assert found.problem is AddressProblem.UNSUPPORTED


@given(st.integers(200, 599), st.text(max_size=600))
def test_a_reply_is_kept_short_and_without_addresses(code: int, message: str) -> None:
    kept = shortened_reply(code, message + " <eve@example.com> eve@example.com 123456")
    assert len(kept) <= REPLY_LENGTH
    assert kept.isprintable()
    assert "@" not in kept
    assert "123456" not in kept
    found = classify(code, message)
    assert found is None or code >= 500
