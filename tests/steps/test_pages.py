"""Pages in a browser during the baseline and the watch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from parom.config.reading import read
from parom.plan.plan import Kind, Plan
from parom.steps.collecting import Collector
from parom.steps.expecting import expected_of, parameters_of
from parom.steps.step import Context
from parom.steps.told_verdict import asked_for
from parom.verdict.before import Before, measured_before
from parom.verdict.judging import judge
from parom.verdict.kept import samples_of
from parom.verdict.observed import observed
from parom.verdict.outcome import Outcome
from parom.verdict.verdict import Verdict
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry
from tests.support.waiting import wait_until
from tests.watch.browsers import HANGING, fake, needs_browser

_PAGES = (
    "seconds = 1\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nprobe_limit_s = 2\n"
    'short = true\npages = ["/notes/"]\npages_every_s = 1'
    "\n[limits]\npage_s = 60"  # on a busy machine a good page takes longer than 2 s
)


@dataclass
class Site:
    """An installation whose public address answers with a page."""

    context: Context
    told: list[tuple[str, Any]] = field(default_factory=list)

    def rows(self, phase: str) -> list[Any]:
        return [one for one in self.context.measurements.rows(phase) if one.kind == "page"]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    ferry = make_ferry(tmp_path, watch=_PAGES)
    told: list[tuple[str, Any]] = []
    context = Context(
        installation=installation_of(read(ferry.config)),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "release", "a test"),
        results={},
        tell=lambda kind, data: told.append((kind, data)),
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<p>notes")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", ferry.port), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Site(context, told)
        server.shutdown()
        thread.join()


def looked(site: Site, phase: str, is_enough: Callable[[], bool]) -> None:
    with Collector(site.context, phase) as collector:

        def look() -> bool:
            collector.look()
            return is_enough()

        wait_until(look, "enough was seen")


def verdict(site: Site, before: Before) -> Verdict:
    config, rows = site.context.installation.config, site.context.measurements.rows("watch")
    began = rows[0].at - 0.5
    watch = observed(parameters_of(config), expected_of(site.context), before, began)
    return judge(watch.after_all(samples_of(rows)), began + 2)


def evidence(found: Verdict) -> list[tuple[Outcome, str]]:
    """What is said of the page."""
    return [
        (one.outcome, one.fact)
        for judged in found.rollback
        for one in judged.evidence
        if one.source == "/notes/" and "load" in one.fact
    ]


@needs_browser
def test_pages_are_loaded_before_and_after(site: Site) -> None:
    """R-5.3: against the limit, and whether the release before kept it."""
    looked(site, "baseline", lambda: bool(site.rows("baseline")))
    looked(site, "watch", lambda: bool(site.rows("watch")))
    (row, *_) = site.rows("watch")
    assert (row.name, row.status) == ("/notes/", 1)
    assert row.seconds > 0
    early = tuple(samples_of(site.context.measurements.rows("baseline")))
    parameters = parameters_of(site.context.installation.config)
    before = measured_before(early, early[-1].at + 60, parameters)
    assert before.share_over_page_limit("/notes/") == 0
    ((outcome, fact),) = evidence(verdict(site, before))
    assert outcome is Outcome.PASS, fact
    assert fact.endswith("of 60.0 s")
    assert site.told == []


def test_without_a_browser_the_figure_is_missing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-13.4: never passed; and it is said why."""
    monkeypatch.setattr("parom.steps.collecting.find_browser", lambda: None)
    looked(site, "watch", lambda: len(site.context.measurements.rows("watch")) > 20)
    assert evidence(verdict(site, Before())) == [
        (Outcome.INCONCLUSIVE, "/notes/: never loaded in a browser")
    ]
    ((kind, data),) = site.told
    assert kind == "pages"
    assert "no browser" in data["fact"]


def test_a_browser_that_never_answers_keeps_no_look_waiting(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The looks of each second go on, the figure is missing, and ending it takes no time."""
    monkeypatch.setattr("parom.steps.collecting.find_browser", lambda: fake(tmp_path, HANGING))
    with Collector(site.context, "watch") as collector:
        for _ in range(5):
            collector.look()
            assert collector.is_busy
        assert site.rows("watch") == []
    assert not [one for one in site.rows("watch") if one.status]


def test_what_no_page_is_configured_for_is_said(tmp_path: Path) -> None:
    """A team that loads no pages is told so at each deployment."""
    config = read(make_ferry(tmp_path).config)
    _, left_out = asked_for(Verdict(0, "short", (), ()), config, ("log",))
    assert "page load within its limit: no pages are configured (watch.pages)" in left_out
