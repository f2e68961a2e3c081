"""A server on loopback that speaks Slack's Web API, and misbehaves as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What it says instead of doing what it was asked."""

    status: int = 200
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    then_does_it: bool = False
    """Whether the message is taken all the same: an answer that was lost."""


def lie(**data: Any) -> Answer:
    return Answer(body=json.dumps(data))


BUSY = Answer(429, "", (("Retry-After", "7"),))
BROKEN = Answer(500, "<html>oops</html>")


@dataclass
class SlackServer:
    """What was posted, as a person sees it in each channel."""

    token: str
    answers: deque[Answer] = field(default_factory=deque)
    """Given first, one a request; empty: it does what it is asked."""
    posts: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    hangs: bool = False
    drips: bool = False
    let_go: threading.Event = field(default_factory=threading.Event)
    url: str = ""

    def main(self) -> list[dict[str, Any]]:
        """The messages outside of threads."""
        return [one for one in self.posts if "thread_ts" not in one]

    def thread(self, parent: dict[str, Any]) -> list[dict[str, Any]]:
        return [one for one in self.posts if one.get("thread_ts") == parent["ts"]]

    def texts(self, channel: str) -> list[str]:
        """All texts of a channel, in order, as they are now."""
        return [one["text"] for one in self.posts if one["name"] == channel]

    def do(self, method: str, sent: dict[str, Any]) -> dict[str, Any]:
        match method:
            case "chat.postMessage":
                return self._post(sent)
            case "chat.update":
                return self._update(sent)
        return {"ok": False, "error": "unknown_method"}

    def _post(self, sent: dict[str, Any]) -> dict[str, Any]:
        name = sent["channel"]
        known = {"#deployments": "C01", "#alerts": "C02", "C01": "C01", "C02": "C02"}
        if name not in known:
            return {"ok": False, "error": "channel_not_found"}
        channel, moment = known[name], f"1700000000.{len(self.posts):06d}"
        named = {"C01": "#deployments", "C02": "#alerts"}[channel]
        self.posts.append({**sent, "name": named, "channel": channel, "ts": moment})
        return {"ok": True, "channel": channel, "ts": moment, "message": {"text": sent["text"]}}

    def _update(self, sent: dict[str, Any]) -> dict[str, Any]:
        for one in self.posts:
            # As Slack does: an edit needs the channel's id, not its name.
            if (one["channel"], one["ts"]) == (sent["channel"], sent["ts"]):
                one["text"] = sent["text"]
                return {"ok": True, "channel": sent["channel"], "ts": sent["ts"]}
        return {"ok": False, "error": "message_not_found"}


@contextmanager
def serving(token: str) -> Iterator[SlackServer]:
    """One that runs until the end of the block."""
    slack = SlackServer(token)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _speaking_for(slack))
    server.daemon_threads = True
    slack.url = f"http://127.0.0.1:{server.server_address[1]}/api/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield slack
    finally:
        slack.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _speaking_for(slack: SlackServer) -> type[BaseHTTPRequestHandler]:
    lock = threading.Lock()

    class Speaking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            method = self.path.rpartition("/")[2]
            with lock:
                slack.calls.append((method, sent))
                hangs, drips = slack.hangs, slack.drips
                answer = None if hangs or drips else self._answer(method, sent)
            if answer is not None:
                self._say(answer)
            elif drips:
                self._drip()
            else:
                slack.let_go.wait()

        def _answer(self, method: str, sent: dict[str, Any]) -> Answer:
            if self.headers["Authorization"] != f"Bearer {slack.token}":
                return lie(ok=False, error="invalid_auth")
            if not slack.answers:
                return lie(**slack.do(method, sent))
            answer = slack.answers.popleft()
            if answer.then_does_it:
                slack.do(method, sent)
            return answer

        def _say(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _drip(self) -> None:
            """A byte now and then: no single wait is ever long."""
            self.send_response(200)
            self.end_headers()
            while not slack.let_go.wait(0.05):
                try:
                    self.wfile.write(b" ")
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    return Speaking


Server = Callable[[], SlackServer]
