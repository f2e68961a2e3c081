"""A Huntflow of one's own: stateful, over HTTP, with expiry, limits, stalls and cuts."""

import hashlib
import hmac
import json
import threading
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from tests.servers.huntflow_answers import answer_of
from tests.servers.huntflow_rows import ACCOUNT, account, applicant, problem, status, vacancy
from tests.servers.loopback import LoopbackHandler, LoopbackServer

WINDOW_S = 1.0
LIMIT_S = 300
SOME_MORE = 2


@dataclass
class Seen:
    """A request, what it was answered with, and when it came in (monotonic)."""

    method: str
    path: str
    query: dict
    body: object
    at: float
    status: int = 0
    answer: object = field(default=None, repr=False)


class HuntflowServer(LoopbackServer):
    """`faults` are for the next requests, one each: "stall", "late" (by `stall_s` seconds),
    "cut", "drip", or a status; None is none.

    `limit` is how many requests a second get more than a 429. `meeting`, where it is a Barrier,
    lets requests with an expired token be answered only once all have come. Rows of `hidden`
    are on no page, as those that moved between pages while these were read.
    """

    def __init__(self, applicants=0, vacancies=0):
        super().__init__(Handler)
        self.access, self.refresh, self.expired = "access-canary-1", "refresh-canary-1", False
        self.renewals, self.seen, self.faults = [], [], deque()
        self.stall_s = 0
        self.limit, self.meeting, self.may_renew = None, None, True
        self.accounts = [account(ACCOUNT)]
        self.statuses = {1: status(1, 0), 2: status(2, 1), 3: status(3, 2)}
        self.vacancies = {number: vacancy(number) for number in range(1, vacancies + 1)}
        self.applicants = {number: applicant(number) for number in range(1, applicants + 1)}
        self.tags = [
            {"id": number, "name": f"tag {number}", "color": "000000"} for number in (1, 2)
        ]
        self._cursors, self.hidden, self._pages = {}, set(), 0
        self._page_read, self.last_page = threading.Condition(), None

    @property
    def api(self):
        return f"{self.url}/v2"

    def paths(self, method="GET"):
        """What was asked for and answered well, without the prefix."""
        return [one.path.removeprefix("/v2") for one in self.seen
                if one.method == method and one.status == 200]  # fmt: skip

    @property
    def pages_read(self):
        return self._pages

    def page_read(self):
        with self._page_read:
            self._pages += 1
            self._page_read.notify_all()
            self._page_read.wait_for(self._may_answer, LIMIT_S)

    def _may_answer(self):
        return self.last_page is None or self._pages <= self.last_page

    @contextmanager
    def stopping_after(self, count):
        """In the block so many pages of applicants have been asked for, and some more may be.

        However late whoever waits for it wakes up, the sync does not run away to its end.
        """
        self.last_page = self._pages + count + SOME_MORE
        with self._page_read:
            enough = self.last_page - SOME_MORE
            came = self._page_read.wait_for(lambda: self._pages >= enough, LIMIT_S)
        assert came, f"{self._pages} of {enough} pages were asked for"
        yield
        with self._page_read:
            self.last_page = None
            self._page_read.notify_all()

    def most_in_a_second(self):
        """How many requests came in within some second, at most."""
        times = sorted(one.at for one in self.seen)
        return max(sum(0 <= other - at < WINDOW_S for other in times) for at in times)

    def refused_for_rate(self):
        return sum(one.status == 429 for one in self.seen)

    def signed(self, secret, event, **meta):
        """Body and headers of a delivery, as Huntflow would send it."""
        said = {
            "account": {"id": ACCOUNT, "name": "Team", "nick": "team"},
            "event_type": "APPLICANT", "webhook_action": "EDIT", "event_id": "1",
            "version": "2.0", "retry": 0,
        }  # fmt: skip
        body = json.dumps({"changes": {}, "event": event, "meta": said | meta}).encode()
        signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        event_type = str((said | meta)["event_type"])
        headers = {"X-Huntflow-Signature": signature, "X-Huntflow-Event": event_type}
        return body, headers


class Handler(LoopbackHandler):
    # Small answers would wait for an acknowledgement of their own headers otherwise.
    disable_nagle_algorithm = True

    def handle_one(self):
        parts = urlsplit(self.path)
        raw = self.body()
        body = json.loads(raw) if raw else None
        seen = Seen(self.command, parts.path, dict(parse_qsl(parts.query)), body, time.monotonic())
        with self.server.lock:
            self.server.seen.append(seen)
            fault = self.server.faults.popleft() if self.server.faults else None
        self._answer(seen, fault)

    do_GET = do_PUT = do_POST = handle_one  # noqa: N815 - the names that http.server calls

    def _answer(self, seen, fault):
        if fault == "stall":
            self.server.released.wait()
            self.close_connection = True
            return
        if fault == "late":
            self.server.released.wait(self.server.stall_s)
        if isinstance(fault, int):
            wait = [("Retry-After", "1")] if fault == 429 else []
            self._tell(seen, fault, problem("server_error", "broken"), wait)
            return
        status, value, headers = self._considered(seen)
        if fault == "drip":
            self._drip(seen, value)
            return
        if fault == "cut":
            seen.status = status
            self.cut(status, value)
            return
        self._tell(seen, status, value, headers)

    def _drip(self, seen, value):
        """Byte by byte, each sooner than a time-out, for as long as somebody listens."""
        seen.status = 200
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):
            while not self.server.released.wait(0.02):
                self.wfile.write(b" ")
        self.close_connection = True

    def _tell(self, seen, status, value, headers=()):
        seen.status, seen.answer = status, value
        self.answer(status, value, headers)

    def _considered(self, seen):
        """Status, value and headers, after the gate: pace, then token."""
        if self._is_too_fast(seen):
            return 429, problem("too_many_requests", "slow down"), [("Retry-After", "1")]
        if seen.path == "/v2/token/refresh":
            return (*self._renewed(seen.body), ())
        denied = self._denied()
        if denied:
            return 401, problem("authorization_error", denied), ()
        with self.server.lock:
            return (*answer_of(self.server, seen), ())

    def _is_too_fast(self, seen):
        if self.server.limit is None:
            return False
        with self.server.lock:
            recent = [one for one in self.server.seen
                      if one is not seen and 0 <= seen.at - one.at < WINDOW_S]  # fmt: skip
        return len(recent) >= self.server.limit

    def _denied(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        with self.server.lock:
            known = {self.server.access, *self.server.renewals}
            is_expired = token != self.server.access or self.server.expired
        if token not in known:
            return "token_invalid"
        if is_expired and self.server.meeting is not None:
            self.server.meeting.wait()
        return "token_expired" if is_expired else None

    def _renewed(self, body):
        server = self.server
        with server.lock:
            if body.get("refresh_token") != server.refresh or not server.may_renew:
                return 400, problem("authorization_error", "refresh_token_invalid")
            server.renewals.append(server.access)
            number = len(server.renewals) + 1
            server.access, server.refresh = f"access-canary-{number}", f"refresh-canary-{number}"
            server.expired = False
            return 200, {
                "access_token": server.access, "refresh_token": server.refresh,
                "token_type": "Bearer", "expires_in": 604800, "refresh_token_expires_in": 1209600,
            }  # fmt: skip
