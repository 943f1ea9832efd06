"""kill -9 of the server and of PostgreSQL, under load: nothing that was acknowledged is lost."""

import os
import signal

import pytest

from leadconnect.database.embedded import running_url
from tests.faults.harm import as_superuser, ask, head, raw, sign_up
from tests.faults.writers import Writers
from tests.live import LiveServer, wait_for

KILLS = 3
BACKENDS = """
    select pid from pg_stat_activity where application_name like 'leadconnect%' order by state = 'active' desc limit 1
"""
TOKENS = "select count(*) from tokens where token_type = 'access'"


def url_of(server: LiveServer) -> str:
    """Return the URL of the server's own database, whose superuser sees the rows of all accounts."""
    url = running_url(server.data_dir)
    assert url is not None
    return as_superuser(url)


def postmaster_of(server: LiveServer) -> int:
    """Return the process id of the server's PostgreSQL."""
    return int((server.data_dir / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    """The access token of an owner, who has no leads yet."""
    access_token: str = sign_up(server)["accessToken"]
    return access_token


def test_what_was_acknowledged_survives_kill_9_of_the_server(server: LiveServer, token: str) -> None:
    """The embedded database goes down with it each time."""
    with Writers(server, token) as writers:
        for _ in range(KILLS):
            writers.wait_for_more(100)
            server.kill()
            server.start()
        writers.wait_for_more(100)
    writers.check()


def test_what_was_acknowledged_survives_kill_9_of_a_backend(server: LiveServer) -> None:
    """PostgreSQL then ends all connections and recovers, and the server comes back without a restart."""
    token, main = sign_up(server)["accessToken"], server.pid
    with Writers(server, token) as writers:
        writers.wait_for_more(100)
        os.kill(ask(url_of(server), BACKENDS), signal.SIGKILL)
        writers.wait_for_more(100)
    writers.check()
    assert main == server.pid
    assert server.is_ready()


def test_what_was_acknowledged_survives_kill_9_of_the_postmaster(server: LiveServer) -> None:
    """The server starts its database again and goes on."""
    token, killed = sign_up(server)["accessToken"], postmaster_of(server)
    workers = set(server.members())
    with Writers(server, token) as writers:
        writers.wait_for_more(100)
        os.kill(killed, signal.SIGKILL)
        writers.wait_for_more(100)
    writers.check()
    assert postmaster_of(server) != killed
    assert set(server.members()) == workers


def test_a_refresh_whose_answer_was_lost_in_a_crash_does_not_cost_the_session(server: LiveServer) -> None:
    """The new token is committed, the client never hears of it, and its refresh token still works."""
    refresh_token = sign_up(server)["refreshToken"]
    before = ask(url_of(server), TOKENS)
    body = b'{"refreshToken": "%s"}' % refresh_token.encode()
    with raw(server, head("/api/auth/refresh", "none", f"Content-Length: {len(body)}"), body):
        wait_for(lambda: ask(url_of(server), TOKENS) > before, what="the new token in the database")
        server.kill()
    server.start()
    with server.client() as client:
        answer = client.post("/api/auth/refresh", json={"refreshToken": refresh_token})
        assert answer.status_code == 200
        headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
        assert client.get("/api/users/me", headers=headers).status_code == 200
