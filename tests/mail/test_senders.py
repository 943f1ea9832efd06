"""Mail leaves over SMTP with verified TLS, or as files."""

import asyncio
import ssl
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
import trustme

from leadconnect.identifiers import new_id
from leadconnect.mail.message import Letter, build, parse_mailbox, serialise
from leadconnect.mail.senders import DeliveryFailed, FileSender, SmtpSender, check_mail_settings, sender
from leadconnect.settings import InvalidSettings, Settings
from tests.mail.server import MailServer


def message(to: str = "eve@example.com") -> EmailMessage:
    letter = Letter(template="password_reset", to=to, context={"code": "493817", "minutes": "10"}, message_id=new_id())
    return build(letter, sender=parse_mailbox("LeadConnect <no-reply@example.com>"))


def files_in(folder: Path) -> list[Path]:
    """Return the files in `folder`, drafts and all, in the order of their names."""
    return sorted(folder.iterdir())


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """An authority of the test's own; its certificate is in ``authority.pem``."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return made


def served_by(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@asynccontextmanager
async def tls_server(context: ssl.SSLContext, secure: str) -> AsyncIterator[MailServer]:
    async with MailServer(context, immediate_tls=secure == "tls") as server:
        yield server


def settings_for(server: MailServer, **changes: object) -> Settings:
    plain = Settings(smtp_host="localhost", smtp_port=server.port, smtp_secure="off", smtp_from="no-reply@example.com")
    return msgspec.structs.replace(plain, **changes)


async def failure(settings: Settings, to: str = "eve@example.com") -> str:
    """Return why a message could not be sent."""
    with pytest.raises(DeliveryFailed) as refused:
        await SmtpSender(settings).send(message(to))
    return str(refused.value)


@pytest.mark.parametrize("secure", ["tls", "starttls"])
async def test_mail_goes_to_a_server_whose_certificate_is_trusted(
    secure: str, authority: trustme.CA, tmp_path: Path
) -> None:
    async with tls_server(served_by(authority, "localhost"), secure) as server:
        settings = settings_for(
            server, smtp_secure=secure, smtp_ca_file=str(tmp_path / "authority.pem"), smtp_user="us", smtp_pass="right"
        )
        written = message()
        await SmtpSender(settings).send(written)
    (mail,) = server.accepted
    assert mail.content == serialise(written)
    assert (mail.sender, mail.recipients) == ("no-reply@example.com", ("eve@example.com",))
    assert server.log_ins == [(b"us", b"right")]


@pytest.mark.parametrize("secure", ["tls", "starttls"])
async def test_a_server_with_a_certificate_of_an_unknown_authority_gets_neither_password_nor_mail(
    secure: str, authority: trustme.CA
) -> None:
    async with tls_server(served_by(authority, "localhost"), secure) as server:
        settings = settings_for(server, smtp_secure=secure, smtp_user="us", smtp_pass="right")
        assert await failure(settings) == "certificate_not_trusted"
    assert (server.received, server.log_ins) == ([], [])


@pytest.mark.parametrize("secure", ["tls", "starttls"])
async def test_a_server_with_a_certificate_for_another_name_gets_neither_password_nor_mail(
    secure: str, authority: trustme.CA, tmp_path: Path
) -> None:
    async with tls_server(served_by(authority, "other.example.com"), secure) as server:
        settings = settings_for(
            server, smtp_secure=secure, smtp_ca_file=str(tmp_path / "authority.pem"), smtp_user="us", smtp_pass="right"
        )
        assert await failure(settings) == "certificate_not_trusted"
    assert (server.received, server.log_ins) == ([], [])


async def test_a_server_that_does_not_offer_starttls_gets_neither_password_nor_mail(mail_server: MailServer) -> None:
    settings = settings_for(mail_server, smtp_secure="starttls", smtp_user="us", smtp_pass="right")
    assert await failure(settings) == "SMTPException"
    assert (mail_server.received, mail_server.log_ins) == ([], [])


async def test_without_tls_mail_and_password_go_to_the_loopback(mail_server: MailServer) -> None:
    await SmtpSender(settings_for(mail_server, smtp_user="us", smtp_pass="right")).send(message())
    assert len(mail_server.accepted) == 1
    assert mail_server.log_ins == [(b"us", b"right")]


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.1", "localhost.example.com", "127.0.0.1.example.com"])
def test_without_tls_no_password_is_sent_to_another_machine(host: str) -> None:
    settings = Settings(smtp_host=host, smtp_secure="off", smtp_user="us", smtp_pass="right")
    with pytest.raises(InvalidSettings, match="SMTP_SECURE"):
        sender(settings)
    check_mail_settings(msgspec.structs.replace(settings, smtp_user="", smtp_pass=""))


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_an_authority_that_cannot_be_read_is_told(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidSettings, match="SMTP_CA_FILE"):
        sender(Settings(smtp_host="mail.example.com", smtp_ca_file=str(path)))


async def test_a_wrong_password_is_a_failure_that_names_no_password(mail_server: MailServer) -> None:
    settings = settings_for(mail_server, smtp_user="us", smtp_pass="wrong")
    assert await failure(settings) == "smtp_535"


@pytest.mark.parametrize(
    ("reply", "name"),
    [
        ("450 eve@example.com does not live here", "smtp_450"),
        ("550 eve@example.com does not live here", "recipient_unknown"),
    ],
)
async def test_a_refusal_is_named_without_its_text(mail_server: MailServer, reply: str, name: str) -> None:
    mail_server.answers = [reply]
    assert await failure(settings_for(mail_server)) == name


async def test_a_server_that_is_not_there_is_a_failure(mail_server: MailServer) -> None:
    await mail_server.stop()
    assert await failure(settings_for(mail_server)) == "unreachable"


async def test_a_server_that_hangs_up_is_a_failure() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1")
    async with server:
        port = server.sockets[0].getsockname()[1]
        settings = Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_secure="off")
        assert await failure(settings) == "unreachable"


async def test_mail_that_was_taken_is_sent_even_if_the_server_hangs_up_then() -> None:
    received: list[bytes] = []

    async def take_and_go(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.com\r\n")
        while line := await reader.readline():
            if line.startswith(b"DATA"):
                writer.write(b"354 go on\r\n")
                received.append(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 OK\r\n")
                break
            writer.write(b"250 OK\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take_and_go, "127.0.0.1")
    async with server:
        port = server.sockets[0].getsockname()[1]
        await SmtpSender(Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_secure="off")).send(message())
    assert len(received) == 1


async def test_an_address_beyond_ascii_is_sent_as_utf8(mail_server: MailServer) -> None:
    await SmtpSender(settings_for(mail_server)).send(message("jürgen@example.com"))
    (mail,) = mail_server.accepted
    assert mail.recipients == ("jürgen@example.com",)
    assert "To: jürgen@example.com\r\n".encode() in mail.content


async def test_without_a_host_mail_is_written_into_the_data_folder(tmp_path: Path) -> None:
    written = message()
    await sender(Settings(data_dir=tmp_path)).send(written)
    (path,) = files_in(tmp_path / "mail")
    assert path.suffix == ".eml"
    assert path.read_bytes() == serialise(written)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_file_names_sort_by_the_time_of_posting(tmp_path: Path) -> None:
    messages = [message() for _ in range(20)]
    for each in reversed(messages):
        await FileSender(tmp_path).send(each)
    found = [message_from_bytes(path.read_bytes())["Message-ID"] for path in files_in(tmp_path)]
    assert found == [str(each["Message-ID"]) for each in messages]


async def test_the_same_message_is_written_once(tmp_path: Path) -> None:
    written = message()
    for _ in range(2):
        await FileSender(tmp_path).send(written)
    await asyncio.gather(*(FileSender(tmp_path).send(written) for _ in range(4)))
    assert len(files_in(tmp_path)) == 1


async def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    with pytest.raises(DeliveryFailed):
        await FileSender(tmp_path / "mail").send(message())
