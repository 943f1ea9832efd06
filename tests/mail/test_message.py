"""A message has exactly the header fields intended, whatever the values, and everything in it is escaped."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import UndefinedError

from leadconnect.identifiers import new_id
from leadconnect.mail.message import TEMPLATES, Letter, build, parse_mailbox, recipient, serialise

SENDER = parse_mailbox("LeadConnect <no-reply@example.com>")
CODE: dict[str, str | list[str]] = {"code": "493817", "minutes": "10"}
LINK: dict[str, str | list[str]] = {
    "link": "https://app.example.com/api/auth/set-password#oQ7-x",
    "hours": "72",
    "owner": "Asha Rao",
    "company": "Rao Traders",
    "email": "ravi@example.com",
}
CONTEXTS: dict[str, dict[str, str | list[str]]] = {
    "password_reset": CODE,
    "password_changed": {},
    "sign_in_code": CODE,
    "switch_off_code": CODE,
    "second_factor_changed": {"state": "off"},
    "session_stolen": {},
    "new_device": {"time": "2031-03-04 05:06 UTC", "network": "192.0.2.0/24", "agent": "Browser/1.0"},
    "email_change_code": CODE | {"email": "asha@example.org"},
    "email_change_asked": {"email": "asha@example.org"},
    "email_changed": {"email": "asha@example.org"},
    "welcome": LINK,
    "set_password": LINK,
    "notification": {
        "title": "New lead: Ravi",
        "body": "Asha added Ravi.",
        "lines": ["City: Pune", "Phone: 1"],
        "url": "https://app.example.com/dashboard",
    },
}
HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
TEXTS = st.text(st.characters(codec="utf-8"))


def letter(template: str = "password_reset", to: str = "eve@example.com", **context: str | list[str]) -> Letter:
    return Letter(template=template, to=to, context=CONTEXTS[template] | context, message_id=new_id())


def sent(written: Letter, public_url: str = "") -> EmailMessage:
    """Return `written` as its reader gets it."""
    content = serialise(build(written, sender=SENDER, public_url=public_url))
    return message_from_bytes(content, policy=default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_message_has_the_intended_header_fields_and_no_other() -> None:
    written = letter()
    message = sent(written)
    assert message.keys() == HEADERS
    assert message["From"] == "LeadConnect <no-reply@example.com>"
    assert message["To"] == "eve@example.com"
    assert message["Subject"] == "Your LeadConnect password reset code"
    assert message["Message-ID"] == f"<{written.message_id}@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert abs((message["Date"].datetime - datetime.now(UTC)).total_seconds()) < 60
    assert message.get_content_type() == "multipart/alternative"
    assert [part.keys() for part in message.iter_parts()] == [["Content-Type", "Content-Transfer-Encoding"]] * 2


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_mail_can_be_rendered_as_text_and_html(template: str) -> None:
    message = sent(letter(template))
    for kind in ("plain", "html"):
        assert "LeadConnect" in part(message, kind)
        for value in CONTEXTS[template].values():
            for text in [value] if isinstance(value, str) else value:
                assert text in part(message, kind)
    assert message["Subject"]


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_no_mail_fetches_anything(template: str) -> None:
    class Addresses(HTMLParser):
        found: tuple[str, ...] = ()

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found += tuple(value or "" for name, value in attrs if name in ("src", "href", "background"))

    parser = Addresses()
    parser.feed(part(sent(letter(template), public_url="https://app.example.com"), "html"))
    assert parser.found[-1] == "https://app.example.com"
    assert all(address.startswith("https://app.example.com") for address in parser.found)
    assert "url(" not in part(sent(letter(template)), "html")


def test_line_ends_in_a_name_add_no_header_field() -> None:
    message = sent(letter(name="Eve\r\nBcc: all@example.com\r\n\r\n<b>Hello"))
    assert message.keys() == HEADERS
    assert "Hello Eve Bcc: all@example[.]com <b>Hello," in part(message, "plain")


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_no_value_adds_a_header_field(name: str, code: str) -> None:
    message = sent(letter(name=name, code=code))
    assert message.keys() == HEADERS
    assert len(list(message.iter_parts())) == 2


def test_line_ends_in_a_title_and_in_lines_add_neither_fields_nor_lines() -> None:
    message = sent(letter("notification", title="Hot\r\nBcc: all@example.com", lines=["a\r\n\r\nb", "<i>c"]))
    assert message.keys() == HEADERS
    assert message["Subject"] == "Hot Bcc: all@example[.]com"
    assert "\n  a b\n  <i>c\n" in part(message, "plain").replace("\r\n", "\n")
    assert "<li>&lt;i&gt;c</li>" in part(message, "html")


@pytest.mark.parametrize("name", ["می\u200cخواهم", "ക്\u200d", "Team 👩\u200d💻", "क\u200dष"])
def test_joiners_of_names_reach_subject_and_body(name: str) -> None:
    message = sent(letter("notification", title=f"New lead: {name}", lines=[name]))
    assert message["Subject"] == f"New lead: {name}"
    assert all(name in part(message, kind) for kind in ("plain", "html"))


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\u2028", "\x85", "\ufeff"])
def test_marks_that_are_not_shown_become_blanks(mark: str) -> None:
    assert sent(letter("notification", title=f"New{mark}lead"))["Subject"] == "New lead"


def test_html_in_a_value_is_shown_and_not_obeyed() -> None:
    html = part(sent(letter(name='<img src=x onerror="alert(1)"> & Sons')), "html")
    assert "&lt;img src=x onerror=&#34;alert(1)&#34;&gt; &amp; Sons" in html
    assert "<img" not in html


def test_the_same_letter_always_gives_the_same_bytes() -> None:
    written = letter(name="Eve")
    assert serialise(build(written, sender=SENDER)) == serialise(build(written, sender=SENDER))


def test_every_line_has_at_most_998_ascii_characters() -> None:
    content = serialise(build(letter(name="ü" * 5000), sender=parse_mailbox("Größe & Söhne <no-reply@example.com>")))
    assert content.isascii()
    assert max(len(line) for line in content.split(b"\r\n")) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("eve@example.com", "eve@example.com"),
        ("eve+tag@sub.example.com", "eve+tag@sub.example.com"),
        ('"eve smith"@example.com', '"eve smith"@example.com'),
        ("eve@bücher.example", "eve@xn--bcher-kva.example"),
        ("jürgen@bücher.example", "jürgen@xn--bcher-kva.example"),
        (f"{'e' * 64}@{'d' * 60}.{'d' * 60}.example", f"{'e' * 64}@{'d' * 60}.{'d' * 60}.example"),
    ],
)
def test_an_address_reaches_the_envelope_and_the_header_unharmed(address: str, written: str) -> None:
    message = build(letter(to=address), sender=SENDER)
    assert recipient(message) == written
    assert f"\r\nTo: {written}\r\n".encode() in serialise(message)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "eve",
        "@example.com",
        "eve@",
        "eve@example.com\r\nBcc: all@example.com",
        "eve@example.com, all@example.com",
        "eve@example.com>",
        "<eve@example.com>",
        "Eve <eve@example.com>",
        "eve@all@example.com",
        "eve smith@example.com",
        "jürgen,all@example.com",
        "jürgen\r\n@example.com",
        "eve@exam ple.com",
        "eve@example.com\0",
    ],
)
def test_what_is_no_single_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"^not a mail address$"):
        build(letter(to=address), sender=SENDER)


def test_a_value_that_a_template_needs_must_be_there() -> None:
    incomplete = Letter(template="password_reset", to="eve@example.com", context={"minutes": "10"}, message_id=new_id())
    with pytest.raises(UndefinedError, match="code"):
        build(incomplete, sender=SENDER)


def test_the_address_of_the_application_is_shown_only_where_it_is_set() -> None:
    assert "https://app.example.com" in part(sent(letter(), public_url="https://app.example.com"), "plain")
    assert "http" not in part(sent(letter()), "plain") + part(sent(letter()), "html")


@pytest.mark.parametrize(
    "text", ["", "nobody", "a@example.com, b@example.com", "A <a@example.com>\r\nBcc: b@example.com"]
)
def test_the_sender_must_be_one_mailbox(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a mail address|may not contain linefeed"):
        parse_mailbox(text)
