"""A real HTTP server on loopback that answers as a test tells it, also badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]
_SHARED_S = 0.005
"""How long a request that is counted takes at least, so that others meet it."""


class Server:
    """`answers` maps a path to what answers it; others are 404. `seen` are (path, headers)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.stopping = threading.Event()
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with outer._lock:
                    outer.seen.append((self.path, dict(self.headers)))
                try:
                    outer.answers.get(self.path, status(404))(self)
                except ConnectionError:
                    self.close_connection = True  # the other side had enough, as it may

            def log_message(self, *_: object) -> None:
                """Tests have nothing to read here."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    @contextmanager
    def running(self) -> Iterator[Server]:
        self._thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            self._thread.join()

    def counted(self, answer: Answer) -> Answer:
        """Count it in `most_at_once`, until just before the answer: who has it may ask again."""

        def counting(request: BaseHTTPRequestHandler) -> None:
            with self._lock:
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            self.stopping.wait(_SHARED_S)
            with self._lock:
                self._at_once -= 1
            answer(request)

        return counting

    def slow(self, first: bytes, then: bytes, every_s: float) -> Answer:
        """Send `first`, then `then` again and again, until the other side or the test ends."""

        def answer(request: BaseHTTPRequestHandler) -> None:
            request.close_connection = True
            request.wfile.write(first)
            request.wfile.flush()
            while not self.stopping.wait(every_s):
                request.wfile.write(then)
                request.wfile.flush()

        return answer


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        request.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def document(paths: dict[str, Any], **more: Any) -> Answer:
    """An OpenAPI document in JSON."""
    return status(200, json.dumps({"openapi": "3.0.3", "paths": paths, **more}).encode())


def raw(data: bytes) -> Answer:
    """Write bytes as they are and cut the connection."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.wfile.write(data)

    return answer
