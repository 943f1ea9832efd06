"""Queries as axios writes `params` by default, sent as bytes over a socket to a real server.

Its `buildURL` writes arrays as repeated keys with brackets, blanks as a plus and instants by `toISOString`, and leaves
colons, dollars and commas as they are. Versions differ in whether they leave the brackets as they are.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import make
from tests.faults.harm import head, raw, reply, sign_up
from tests.live import LiveServer

LEADS = (
    {"name": "Asha", "leadStatus": "hot", "city": "Pune", "leadSource": "website"},
    {"name": "Ben", "leadStatus": "new", "city": "São Paulo", "leadSource": "referral"},
    {"name": "Cem", "leadStatus": "lost", "city": "Pune", "leadSource": "website"},
    {"name": "Dua", "leadStatus": "hot", "city": "Ulm", "leadSource": "linkedin"},
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with a database of its own."""
    folder: Path = tmp_path_factory.mktemp("axios")
    with LiveServer(folder / "data", LEADCONNECT_RUN_WORKER="false") as started:
        yield started


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    """The access token of the owner of `LEADS`."""
    access_token: str = sign_up(server)["accessToken"]
    with server.client(access_token) as client:
        for each in LEADS:
            answer = client.post("/api/leads", json=make.lead(**each))
            assert answer.status_code == 201, answer.text
    return access_token


def get(server: LiveServer, token: str, query: str) -> tuple[int, bytes]:
    """Return the status and the body of the list for the bytes of `query`."""
    connection = raw(server, head(f"/api/leads?{query}", token, "Connection: close", method="GET"))
    status, received = reply(connection)
    return status, received.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("status[]=hot&status[]=new", ["Asha", "Ben", "Dua"]),
        ("status%5B%5D=hot&status%5B%5D=new", ["Asha", "Ben", "Dua"]),
        ("status[0]=hot&status[1]=new", ["Asha", "Ben", "Dua"]),
        ("status[]=hot", ["Asha", "Dua"]),
        ("status=hot,new", ["Asha", "Ben", "Dua"]),
        ("status[]=hot&status[]=new&city[]=S%C3%A3o+Paulo&city[]=ulm", ["Ben", "Dua"]),
        ("page=1&limit=10&search=&status[]=hot&leadSource[]=website&leadSource[]=linkedin", ["Asha", "Dua"]),
        ("sort=-name&updatedSince=2020-01-01T00:00:00.000Z&status[]=lost&status[]=hot", ["Dua", "Cem", "Asha"]),
    ],
)
def test_arrays_in_params_filter_the_list(server: LiveServer, token: str, query: str, names: list[str]) -> None:
    status, body = get(server, token, query if "sort=" in query else f"{query}&sort=name")
    assert status == 200, body
    assert [lead["name"] for lead in json.loads(body)["data"]] == names


def test_a_wrong_value_in_an_array_is_named(server: LiveServer, token: str) -> None:
    status, body = get(server, token, "status[]=hot&status[]=warm")
    assert (status, "status" in json.loads(body)["message"][0]) == (400, True)
