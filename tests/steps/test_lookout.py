"""The eye on a release while the final backup is made."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parom.config.reading import read
from parom.errors import ParomError
from parom.facts import Row
from parom.plan.plan import Kind, Plan
from parom.steps.lookout import Lookout
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.support.ferry import make_ferry
from tests.support.waiting import wait_until


@dataclass
class Kept:
    """Measurements in memory."""

    kept: list[tuple[str, Row]] = field(default_factory=list)

    def add(self, phase: str, rows: Sequence[Row]) -> None:
        self.kept += [(phase, one) for one in rows]

    def rows(self, phase: str) -> list[Row]:
        return [one for kind, one in self.kept if kind == phase]


@dataclass
class Site:
    """A public address that answers every request with `status`."""

    context: Context
    kept: Kept
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    ferry = make_ferry(tmp_path)
    installation = installation_of(read(ferry.config))
    kept = Kept()
    plan = Plan(Kind.DEPLOY, "run", "production", (), "release", "a test")
    context = Context(
        installation=installation,
        plan=plan,
        results={},
        tell=lambda _kind, _data: None,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=kept,
    )
    made = Site(context, kept)

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", ferry.port), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield made
        server.shutdown()
        thread.join()


def alarmed(lookout: Lookout) -> str:
    try:
        lookout.check()
    except ParomError as problem:
        return problem.id
    return ""


def test_failing_release_is_noticed_while_something_else_goes_on(site: Site) -> None:
    """A final backup of many gigabytes must not be time in which nobody looks."""
    site.status = 500
    with Lookout(site.context) as lookout:
        wait_until(lambda: alarmed(lookout) == "watch.alarm", "the alarm")


def test_probes_of_a_good_release_are_kept_as_the_watch_s_own(site: Site) -> None:
    """They are evidence like any other."""
    with Lookout(site.context) as lookout:
        wait_until(lambda: len(site.asked) >= 2, "each endpoint was asked")
        lookout.check()
    assert {(phase, one.status) for phase, one in site.kept.kept} == {("watch", 200)}
    assert {one.name for _, one in site.kept.kept} == {"/health/", "/notes/"}
