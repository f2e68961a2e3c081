"""Readers and writers that never stop and remember every acknowledged write.

`python -m parom.demo.load PARENT URL HEADERS OUT --reads N --writes N`: an open loop, requests
a second, each on a connection of its own, until SIGTERM or the end of the process PARENT. OUT
gets one JSON line a request: kind, start, seconds, status, key and value of a write. What is
not answered with 2xx was not acknowledged.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

from parom.checks.headers import read_headers
from parom.parent import end_with

_LIMIT_S = 30.0
_THREADS = 256
_READS = (
    "/api/v1/finance/grades/",
    "/api/v1/finance/benchmarks/",
    "/api/v1/vacancies/stats/",
    "/api/v1/health/",
)


@dataclass
class Load:
    """One load. `made` are vacancies that exist for certain, with the id they got."""

    url: str
    headers: dict[str, str]
    out: TextIO
    chance: random.Random = field(default_factory=lambda: random.Random(7))
    made: dict[str, int] = field(default_factory=dict)
    counter: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, reads: float, writes: float) -> None:
        """Until `stopped`; what is under way is waited for."""
        with ThreadPoolExecutor(max_workers=_THREADS) as pool:
            paces = [
                threading.Thread(target=self._pace, args=(pool, rate, work))
                for rate, work in ((reads, self.read), (writes, self.write))
                if rate > 0
            ]
            for one in paces:
                one.start()
            for one in paces:
                one.join()

    def read(self) -> None:
        self._ask("read", "GET", self.chance.choice(_READS))

    def write(self) -> None:
        """Mostly a new vacancy; sometimes a new name for one of those that are there."""
        with self.lock:
            self.counter += 1
            number = self.counter
            key = self.chance.choice(list(self.made)) if self.made and number % 4 == 0 else ""
            pk = self.made.pop(key, 0) if key else 0
        value = f"name {number}"
        if key:
            self._ask("update", "PATCH", f"/api/v1/vacancies/{pk}/", key, {"name": value})
            with self.lock:
                self.made[key] = pk
            return
        key = f"load-{time.time_ns()}-{number}"
        body = {"external_id": key, "name": value}
        answer = self._ask("create", "POST", "/api/v1/vacancies/", key, body)
        if answer is not None:
            with self.lock:
                self.made[key] = answer["id"]

    def _pace(self, pool: ThreadPoolExecutor, rate: float, work: Any) -> None:
        began, number = time.monotonic(), 0
        while not self.stopped.is_set():
            pool.submit(work)
            number += 1
            self.stopped.wait(max(0.0, began + number / rate - time.monotonic()))

    def _ask(
        self, kind: str, method: str, path: str, key: str = "", body: dict[str, str] | None = None
    ) -> dict[str, Any] | None:
        parts = urlsplit(self.url)
        headers = {**self.headers, "Accept": "application/json"}
        data = json.dumps(body).encode() if body else None
        if data:
            headers["Content-Type"] = "application/json"
        started, began = time.time(), time.monotonic()
        status, error, content, retry_after = 0, "", b"", ""
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_LIMIT_S)
        try:
            connection.request(method, path, body=data, headers=headers)
            answer = connection.getresponse()
            status, content = answer.status, answer.read()
            retry_after = answer.getheader("Retry-After") or ""
        except (OSError, http.client.HTTPException) as problem:
            status, error = 0, f"{type(problem).__name__}: {problem}"
        finally:
            connection.close()
        record = {
            "kind": kind,
            "path": path if kind == "read" else "",
            "started": started,
            "seconds": time.monotonic() - began,
            "status": status,
            "clean": status == 503 and bool(retry_after),
            "error": error,
            "key": key,
            "value": (body or {}).get("name", ""),
        }
        with self.lock:
            self.out.write(json.dumps(record) + "\n")
            self.out.flush()
        return json.loads(content) if status in (200, 201) else None


def main() -> None:
    parser = argparse.ArgumentParser(prog="parom demo load")
    parser.add_argument("parent", type=int)
    parser.add_argument("url")
    parser.add_argument("headers", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reads", type=float, default=20)
    parser.add_argument("--writes", type=float, default=10)
    given = parser.parse_args()
    end_with(given.parent)
    with given.out.open("a", encoding="utf-8") as out:
        load = Load(given.url, read_headers(given.headers), out)
        signal.signal(signal.SIGTERM, lambda *_: load.stopped.set())
        load.run(given.reads, given.writes)


if __name__ == "__main__":
    main()
