"""A user who writes notes all the time and remembers what was acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path

_FILE = "written.json"


@dataclass(frozen=True)
class Written:
    """A note whose writing the application acknowledged."""

    text: str
    version: int
    """The version of the application that said so."""


@dataclass
class Writer:
    """Posts notes to the public port from a thread of its own."""

    port: int
    every_s: float = 0.1
    acknowledged: list[Written] = field(default_factory=list)
    attempted: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._stop.clear()
        self._thread = threading.Thread(target=self._write_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns when the last answer was counted."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def wait_for_more(self, count: int, limit_s: float) -> bool:
        """Whether `count` more notes were acknowledged within the time."""
        wanted = len(self.acknowledged) + count
        pause = threading.Event()
        for _ in range(int(limit_s / 0.05)):
            if len(self.acknowledged) >= wanted:
                return True
            pause.wait(0.05)
        return False

    def save(self, folder: Path) -> None:
        """Leave with an installation what was written to it."""
        told = {"attempted": self.attempted, "acknowledged": [asdict(o) for o in self.acknowledged]}
        (folder / _FILE).write_text(json.dumps(told))

    def _write_on(self) -> None:
        while not self._stop.is_set():
            self._write(f"written {len(self.attempted)}")
            self._stop.wait(self.every_s)

    def _write(self, text: str) -> None:
        self.attempted.append(text)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=4)
        try:
            connection.request("POST", "/notes/", json.dumps({"text": text}))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 201:
                self.acknowledged.append(Written(text, int(json.loads(body)["version"])))
        except (OSError, http.client.HTTPException):
            return  # not acknowledged: nothing was promised
        finally:
            connection.close()


def written_before(folder: Path, port: int) -> Writer:
    """A user who goes on where the one before left an installation."""
    writer, file = Writer(port), folder / _FILE
    if file.exists():
        told = json.loads(file.read_text())
        writer.attempted = told["attempted"]
        writer.acknowledged = [Written(**one) for one in told["acknowledged"]]
    return writer
