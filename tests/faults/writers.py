"""Writers that go on whatever happens to the server, and know what was acknowledged."""

import threading
import time
from types import TracebackType
from typing import Any, Self

import httpx

from tests import make
from tests.faults.harm import listed
from tests.live import LiveServer, wait_for

PAUSE_SECONDS = 0.05


class Writers:
    """`writer_count` threads that create leads, each with a name of its own, until the end of the block."""

    def __init__(self, server: LiveServer, token: str, writer_count: int = 8) -> None:
        self.attempted: set[str] = set()
        self.acknowledged: dict[str, str] = {}
        self.unexpected: list[str] = []
        self._server, self._token = server, token
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(writer_count)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, lead_count: int) -> None:
        """Wait until as many further leads have been acknowledged."""
        wanted = len(self.acknowledged) + lead_count
        try:
            wait_for(lambda: len(self.acknowledged) >= wanted, what=f"{lead_count} further leads")
        except AssertionError as error:
            raise AssertionError(f"{error}; refused: {self.unexpected[-3:]}; {self._server.log} says more") from None

    def check(self) -> None:
        """Compare with what the server lists: acknowledged ⊆ final ⊆ attempted, and every lead is whole."""
        final = listed(self._server, self._token)
        lost = set(self.acknowledged) - set(final)
        assert not lost, f"{len(lost)} of {len(self.acknowledged)} acknowledged leads are lost"
        assert set(final) <= self.attempted
        assert all(final[name]["id"] == lead_id for name, lead_id in self.acknowledged.items())
        assert all(lead["additionalNotes"] == _notes(name) for name, lead in final.items())
        assert not self.unexpected, self.unexpected[:5]

    def _write(self, writer: int) -> None:
        number = 0
        with self._server.client(self._token) as client:
            while not self._stop.is_set():
                name = f"Writer {writer} lead {number}"
                number += 1
                self.attempted.add(name)
                self._post(client, make.lead(name=name, additionalNotes=_notes(name)))

    def _post(self, client: httpx.Client, lead: dict[str, Any]) -> None:
        try:
            answer = client.post("/api/leads", json=lead)
        except httpx.TransportError:
            time.sleep(PAUSE_SECONDS)  # nobody listens; do not spin
            return
        if answer.status_code == 201:
            self.acknowledged[lead["name"]] = answer.json()["id"]
        elif answer.status_code == 503:
            time.sleep(PAUSE_SECONDS)
        else:
            self.unexpected.append(answer.text)


def _notes(name: str) -> str:
    """Return notes long enough to span several pages of the log, so that half a row would show."""
    return f"{name}; " * 150
