"""Whoever steals the database or reads the logs finds nothing that lets them in.

A story with canaries is played on a real server that tells all it can (log level debug): signing up, in and out,
refused and forgotten passwords, mail over SMTP, import, export, and errors with a secret in every place where people
put one by mistake. Then its database, its files and its logs are searched.
"""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from leadconnect.database.embedded import running_url
from tests import make
from tests.faults.harm import as_superuser
from tests.live import LiveServer
from tests.mail.server import MailServer
from tests.patience import PATIENCE_SECONDS
from tests.postbox import CODE
from tests.secrecy.search import Secrets, dump

LINK = re.compile(r"#([\w-]{43})")

PLANTED = "planted canary c0ffee-4711"


class Story:
    """What was played: the server, the secrets, and dumps of the database in the middle and at the end."""

    def __init__(self, server: LiveServer, mail: MailServer) -> None:
        self.server, self.mail, self.secrets = server, mail, Secrets()
        self.dumps: list[bytes] = []
        self.answers: list[httpx.Response] = []
        self._client = httpx.AsyncClient(base_url=server.url, timeout=30)

    async def play(self) -> None:
        """Play the whole story."""
        async with self._client:
            email, password = make.email("canary"), self.secrets.add("password", "canary passphrase of the first day")
            signed_up = await self.post("signup", make.signup(email=email, password=password))
            self.keep("sign-up", signed_up)
            signed_in = await self.post("login", {"email": email, "password": password})
            self.keep("log-in", signed_in)
            renewed = await self.post("refresh", {"refreshToken": signed_in.json()["refreshToken"]})
            token = self.secrets.add("refreshed token", renewed.json()["accessToken"])
            await self.make_mistakes(email, token)
            await self.move_leads(token)
            await self.forget(email, self.secrets.add("new password", "canary passphrase of the second day"))

    def keep(self, name: str, signed_in: httpx.Response) -> None:
        """Remember both tokens of a new session."""
        for key in ("accessToken", "refreshToken"):
            self.secrets.add(f"{key} of the {name}", signed_in.json()[key])

    async def post(self, path: str, body: dict[str, Any], *, status: int | None = None) -> httpx.Response:
        """Send something to a route of signing in; by default it must succeed."""
        answer = await self._client.post(f"/api/auth/{path}", json=body)
        assert answer.status_code == status if status else answer.is_success, answer.text
        return answer

    async def make_mistakes(self, email: str, token: str) -> None:
        """Put secrets where they do not belong; the answers are searched too."""
        slip = self.secrets.add("mistyped password", "canary passphrase with a slip")
        short = self.secrets.add("refused password", "canaryé")
        self.answers += [
            await self.post("login", {"email": email, "password": slip}, status=401),
            await self.post("login", {"email": slip, "password": email}, status=400),
            await self.post("login", {"email": email, "password": [slip]}, status=400),
            await self.post("signup", make.signup(password=short), status=400),
            await self.post("signup", make.signup(password=slip, confirmPassword="another"), status=400),
            await self.post("signup", make.signup(email=email, password=slip), status=409),
            await self.post("refresh", {"refreshToken": token}, status=401),
            await self.post("verify-otp", {"email": email, "otp": "no"}, status=400),
            await self._client.post("/api/auth/login", content=f'{{"password": "{slip}"'),
            await self._client.get(f"/api/{token}"),
            await self._client.get("/api/leads", params={"token": token}),
            await self._client.get("/api/leads", params={"search": slip}, headers={"Authorization": f"Basic {token}"}),
            await self._client.get("/api/leads", headers={"Authorization": f"Bearer {token}x", "X-Request-Id": token}),
            await self._client.get("/api/users/me", headers={"Cookie": f"token={token}", "User-Agent": f"t {token}"}),
            await self._client.request("TRACE", "/api/leads", headers={"Authorization": f"Bearer {token}"}),
        ]

    async def move_leads(self, token: str) -> None:
        """Import and export, with rows that are wrong; the owner is mailed about both imports."""
        self._client.headers["Authorization"] = f"Bearer {token}"
        rows = [make.lead(), make.lead(name="", email="no address")]
        imported = await self._client.post("/api/leads/import", json={"leads": rows})
        assert (imported.json()["successful"], imported.json()["failed"]) == (1, 1)
        file = {"file": ("leads.csv", b"Name,Phone\nAsha,98765 43210\n,\n", "text/csv")}
        assert (await self._client.post("/api/leads/import", files=file)).status_code == 201
        exported = await self._client.get("/api/leads/export")
        assert len(exported.text.splitlines()) == 3
        assert (await self._client.get("/api/auth/sessions")).status_code == 200
        made = await self._client.post("/api/profile/api-key", json={})
        key = self.secrets.add("API key", made.json()["apiKey"])
        self._client.headers["Authorization"] = f"Bearer {key}"
        self.answers += [
            await self._client.get("/api/leads", params={"apiKey": key}),
            await self._client.get(f"/api/{key}"),
            await self._client.get("/api/profile/preferences"),
            await self._client.delete("/api/profile/api-key"),
        ]
        assert [answer.status_code for answer in self.answers[-4:]] == [400, 404, 200, 403]
        del self._client.headers["Authorization"]

    async def mailed(self, pattern: re.Pattern[str]) -> str:
        """Return what `pattern` finds in the text of the mails, once it is there."""
        count = 0
        while True:
            for received in self.mail.received[count:]:
                part = received.message.get_body(("plain",))
                text = "\n".join(part.get_content().splitlines()) if part is not None else ""
                if found := pattern.search(text):
                    return found[1]
                count += 1
            await self.mail.until(count + 1)

    async def forget(self, email: str, password: str) -> None:
        """Reset a password by mail, while the mail server does not take our log-in at first."""
        right, self.mail.password = self.mail.password, b"another"
        await self.post("forgot-password", {"email": email})
        await until(lambda: b"smtp_535" in self.logs())
        self.dumps.append(dump(self.superuser_url()))  # now the code waits in the database
        self.mail.password = right
        code = self.secrets.add("code", await self.mailed(CODE))
        await self.post("verify-otp", {"email": email, "otp": code})
        fresh = {"email": email, "otp": code, "newPassword": password, "confirmPassword": password}
        await self.post("reset-password", fresh)
        self.answers.append(await self.post("reset-password", fresh, status=400))
        again = await self.post("login", {"email": email, "password": password})
        self.keep("last log-in", again)
        out = {"Authorization": f"Bearer {again.json()['accessToken']}"}
        await self.invite(out)
        assert (await self._client.post("/api/auth/logout", headers=out)).status_code == 200
        self.dumps.append(dump(self.superuser_url()))

    async def invite(self, owner: dict[str, str]) -> None:
        """Add a colleague, who chooses a password with the link out of the mail; and change passwords by mistake."""
        handed = self.secrets.add("password that was handed over", "canary passphrase of a colleague")
        own = self.secrets.add("password of a colleague", "canary passphrase that a colleague chose")
        body = {
            "fullName": "Ravi Nair", "email": make.email("ravi"), "password": handed, "confirmPassword": handed,
            "role": "Sales Manager",
        }  # fmt: skip
        added = await self._client.post("/api/profile/sub-users", json=body, headers=owner)
        assert added.status_code == 201, added.text
        token = await self.mailed(LINK)
        chosen = {"token": self.secrets.add("token of the link", token), "newPassword": own, "confirmPassword": own}
        await self.post("set-password", chosen)
        changes = {"currentPassword": handed, "newPassword": own, "confirmPassword": own}
        self.answers += [
            added,
            await self.post("set-password", chosen, status=400),
            await self._client.post("/api/profile/change-password", json=changes, headers=owner),
            await self._client.patch("/api/profile", json={"fullName": 1, "currentPassword": [own]}, headers=owner),
            await self._client.get("/api/auth/set-password", params={"token": token}),
        ]
        await self.mail.until(4)  # the code, the new password, the welcome and the colleague's password

    def superuser_url(self) -> str:
        """Return the URL with which a backup is made."""
        url = running_url(self.server.data_dir)
        assert url is not None
        return as_superuser(url)

    def logs(self) -> bytes:
        """Return all that server and database have said."""
        postgres = (self.server.data_dir / "postgres" / "log").glob("*")
        return b"\n".join([self.server.log.read_bytes(), *(path.read_bytes() for path in postgres)])


async def until(condition: Callable[[], bool]) -> None:
    """Wait for `condition`."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            if condition():
                return
            await asyncio.sleep(0.02)


@pytest.fixture(scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """The story, played to its end on a server that still runs."""
    folder = tmp_path_factory.mktemp("secrecy")
    async with MailServer() as mail:
        secret, smtp = "canary secret of the installation, 0123456789", "canary of the mail server"
        mail.password = smtp.encode()
        server = LiveServer(
            folder / "data",
            LEADCONNECT_SECRET=secret,
            LEADCONNECT_LOG_LEVEL="debug",
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=str(mail.port),
            SMTP_USER="leadconnect",
            SMTP_PASS=smtp,
            SMTP_SECURE="off",
        )
        await asyncio.to_thread(server.start)
        try:
            told = Story(server, mail)
            told.secrets.add("secret", secret)
            told.secrets.add("SMTP password", smtp)
            await told.play()
            yield told
        finally:
            await asyncio.to_thread(server.stop)


def test_the_database_has_no_password_token_or_code(story: Story) -> None:
    """Neither while a code waits to be mailed nor afterwards."""
    assert len(story.dumps) == 2
    for content in story.dumps:
        assert b"INSERT INTO public.sessions" in content
        assert story.secrets.among(content) == set()


def test_no_file_of_the_server_has_one(story: Story) -> None:
    """Tables, indexes, the write-ahead log and whatever else lies in the data folder."""
    files = [path for path in story.server.data_dir.rglob("*") if path.is_file()]
    assert any("pg_wal" in path.parts for path in files)
    assert {
        found for found in story.secrets.among_files(story.server.data_dir) if not found.startswith("code in")
    } == set()


def test_no_log_has_one(story: Story) -> None:
    """Although every request of the story, and every failure, is told there."""
    logs = story.logs()
    for event in (b'"sign_up"', b'"log_in"', b'"password_reset"', b"/api/auth/login", b"/api/leads/import"):
        assert event in logs
    assert story.secrets.among(logs) == set()


def test_no_answer_repeats_one(story: Story) -> None:
    """A refusal does not show what was refused."""
    for answer in story.answers:
        assert story.secrets.among(answer.content + str(answer.headers).encode()) == set()


def test_the_search_finds_what_is_planted(story: Story, tmp_path: Path) -> None:
    """In the database, in the files of the database and in the log: so the others could fail."""
    planted = Secrets()
    planted.add("planted", PLANTED)
    planted.add("number", "471108")
    with story.server.client() as client:
        token = client.post("/api/auth/signup", json=make.signup()).json()["accessToken"]
        lead = make.lead(name=PLANTED, additionalNotes="call 471108 today")
        assert client.post("/api/leads", json=lead, headers={"Authorization": f"Bearer {token}"}).status_code == 201
        client.get(f"/{PLANTED}")
        client.get("/471108")
    assert planted.among(dump(story.superuser_url())) == {"planted", "number"}
    assert any("pg_wal" in found for found in planted.among_files(story.server.data_dir))
    assert planted.among(story.logs()) == {"planted", "number"}


@pytest.mark.parametrize("ahead", [0, 1, 2])
def test_the_search_sees_through_disguises(ahead: int) -> None:
    """Hexadecimal as of bytes in a dump, base64 at any offset, percent-encoding."""
    planted = Secrets()
    planted.add("planted", PLANTED)
    around = b"x" * ahead + PLANTED.encode() + b"yz"
    for disguise in (around.hex().upper().encode(), base64.b64encode(around), quote(around).encode()):
        assert planted.among(b"\\x" + disguise) == {"planted"}
    assert planted.among(PLANTED[:-1].encode()) == set()
