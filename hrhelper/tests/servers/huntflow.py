"""A Huntflow of one's own: stateful, over HTTP, with expiry, limits, stalls and cuts."""

import hashlib
import hmac
import json
import re
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from tests.servers.loopback import LoopbackHandler, LoopbackServer

WHEN = "2026-01-05T10:00:00+03:00"
ACCOUNT = 7
WINDOW_S = 1.0


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
    """`faults` are for the next requests, one each: "stall", "cut", "drip",
    or a status; None is none.

    `limit` is how many requests a second get more than a 429. `meeting`, where it is a Barrier,
    lets requests with an expired token be answered only once all have come. Rows of `hidden`
    are on no page, as those that moved between pages while these were read.
    """

    def __init__(self, applicants=0, vacancies=0):
        super().__init__(Handler)
        self.access, self.refresh, self.expired = "access-canary-1", "refresh-canary-1", False
        self.renewals, self.seen, self.faults = [], [], deque()
        self.limit, self.meeting, self.may_renew = None, None, True
        self.accounts = [account(ACCOUNT)]
        self.statuses = {1: status(1, 0), 2: status(2, 1), 3: status(3, 2)}
        self.vacancies = {number: vacancy(number) for number in range(1, vacancies + 1)}
        self.applicants = {number: applicant(number) for number in range(1, applicants + 1)}
        self.tags = [
            {"id": number, "name": f"tag {number}", "color": "000000"} for number in (1, 2)
        ]
        self._cursors, self.hidden, self._pages = {}, set(), 0
        self._page_read = threading.Condition()

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

    def wait_for_pages(self, count, limit_s=60):
        """Until so many pages of applicants have been asked for, from the beginning on."""
        with self._page_read:
            came = self._page_read.wait_for(lambda: self._pages >= count, limit_s)
        assert came, f"{self._pages} of {count} pages were asked for"

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


def answer_of(server, seen):
    """Status and value of a request that got through."""
    for method, pattern, answer in ROUTES:
        match = re.fullmatch(pattern, seen.path)
        if method == seen.method and match:
            return answer(server, seen, *(int(one) for one in match.groups()))
    return 404, problem("not_found", "no such address")


def _me(server, seen):
    return 200, {"id": 1, "name": "Olga", "email": "o@example.org", "locale": "ru_RU"}


def _accounts(server, seen):
    return 200, {"items": server.accounts}


def _tags(server, seen, number):
    return 200, {"items": server.tags}


def _statuses(server, seen, number):
    return 200, {"items": list(server.statuses.values())}


def _vacancies(server, seen, number):
    return page_of(server, server.vacancies, seen.query, 100)


def _applicants(server, seen, number):
    server.page_read()
    return page_of(server, server.applicants, seen.query, 30)


def _vacancy(server, seen, number, wanted):
    return one_of(server.vacancies, wanted)


def _applicant(server, seen, number, wanted):
    return one_of(server.applicants, wanted)


def _change_status(server, seen, number, wanted):
    if wanted not in server.applicants or seen.body["status"] not in server.statuses:
        return 400, problem("bad_request", "no such applicant or status")
    links = server.applicants[wanted]["links"]
    link = next((one for one in links if one["vacancy"] == seen.body["vacancy"]), None)
    if link is None:
        return 400, problem("bad_request", "not on this vacancy")
    link |= {"status": seen.body["status"], "changed": WHEN}
    return 200, {"id": link["id"], "changed": WHEN, "vacancy": link["vacancy"],
                 "status": link["status"]}  # fmt: skip


def _replace_tags(server, seen, number, wanted):
    if wanted not in server.applicants:
        return 404, problem("not_found", "no such applicant")
    given = seen.body["tags"]
    server.applicants[wanted]["tags"] = [{"id": one, "tag": one} for one in given]
    return 200, {"tags": given}


def _search(server, seen, number):
    """With a cursor nothing else counts: it holds the whole search."""
    cursor = seen.query.get("next_page_cursor")
    text, count, start = server._cursors.pop(cursor) if cursor else (
        seen.query.get("q", ""), int(seen.query.get("count", 30)), 0)  # fmt: skip
    found = [one for one in server.applicants.values() if text in one["last_name"]]
    more = None
    if start + count < len(found):
        more = f"cursor-{start + count}-{len(server.seen)}"
        server._cursors[more] = (text, count, start + count)
    items = [
        {name: value for name, value in one.items() if name in SEARCHED}
        for one in found[start : start + count]
    ]
    return 200, {"items": items} | ({"next_page_cursor": more} if more else {})


SEARCHED = (
    "id",
    "first_name",
    "last_name",
    "birthday",
    "phone",
    "email",
    "money",
    "position",
    "created",
)
ROUTES = (
    ("GET", "/v2/me", _me),
    ("GET", "/v2/accounts", _accounts),
    ("GET", r"/v2/accounts/(\d+)/tags", _tags),
    ("GET", r"/v2/accounts/(\d+)/vacancies/statuses", _statuses),
    ("GET", r"/v2/accounts/(\d+)/vacancies", _vacancies),
    ("GET", r"/v2/accounts/(\d+)/vacancies/(\d+)", _vacancy),
    ("GET", r"/v2/accounts/(\d+)/applicants", _applicants),
    ("GET", r"/v2/accounts/(\d+)/applicants/search_by_cursor", _search),
    ("GET", r"/v2/accounts/(\d+)/applicants/(\d+)", _applicant),
    ("PUT", r"/v2/accounts/(\d+)/applicants/(\d+)/vacancy", _change_status),
    ("POST", r"/v2/accounts/(\d+)/applicants/(\d+)/tags", _replace_tags),
)


def page_of(server, rows, query, most):
    number, count = int(query.get("page", 1)), int(query.get("count", 30))
    if not 1 <= count <= most or number < 1:
        return 400, problem("bad_request", "no such page")
    items = [
        row for row in islice(rows.values(), (number - 1) * count, number * count)
        if row["id"] not in server.hidden
    ]  # fmt: skip
    return 200, {"page": number, "count": count, "total_pages": -(-len(rows) // count),
                 "total_items": len(rows), "items": items}  # fmt: skip


def one_of(rows, wanted):
    return (200, rows[wanted]) if wanted in rows else (404, problem("not_found", "no such row"))


def problem(kind, detail):
    return {"errors": [{"type": kind, "title": kind.replace("_", " ").title(), "detail": detail}]}


# Huntflow's description knows no null; what has no value is left out here. The real one does
# send nulls, which tests/huntflow/test_records.py is about.
def account(number):
    return {"id": number, "name": f"Team {number}", "nick": f"team{number}", "member_type": "owner"}


def status(number, order):
    return {"id": number, "type": "user", "name": f"stage {number}", "order": order}


def vacancy(number):
    return {
        "id": number, "position": f"Position {number}", "company": "Team", "money": "$1",
        "state": "OPEN", "hidden": False, "priority": number % 2, "created": WHEN, "files": [],
    }  # fmt: skip


def applicant(number):
    link = {
        "id": number, "status": 1, "updated": WHEN, "changed": WHEN, "vacancy": number % 5 + 1,
    }  # fmt: skip
    return {
        "id": number, "account": ACCOUNT, "first_name": "Иван",
        "last_name": f"Candidate-canary-{number}", "phone": f"+375 29 {number:07}",
        "email": f"canary{number}@example.org", "money": "1000", "position": "Developer",
        "birthday": "1990-01-01", "created": WHEN, "tags": [{"id": 1, "tag": 1}],
        "links": [link], "external": [], "doubles": [], "social": [],
    }  # fmt: skip
