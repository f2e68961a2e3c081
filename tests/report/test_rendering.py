"""HTML and Markdown say what the record says, and nothing that others made them say."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from parom.report.chart import heights
from parom.report.deriving import report_of
from parom.report.html import as_html
from parom.report.markdown import as_markdown
from parom.report.pages.release_notes import release_notes_page
from parom.report.pages.whole import document_of
from parom.report.printable import printable
from parom.report.sources import Sources
from parom.verdict.signature import Signature
from parom.words.language import Language
from tests.report.runs import (
    CROSSED,
    DIGEST,
    ORDERED,
    PASSED,
    PREPARED,
    Row,
    after,
    deployed,
    plan_of,
    rolled_back,
    told,
)
from tests.report.runs import sources_of as made_of

EVIL = (
    "</style></script><script>alert(1)</script><img src=//evil.example/x onerror=alert(1)>"
    "![x](http://evil.example/y) [click](javascript:alert(1)) | `code` \x1b[31m \u202etxt \x00"
)


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text.append(data)

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def html(sources: Sources, language: Language = Language.ENGLISH) -> str:
    return as_html(document_of(report_of(sources), language, ZoneInfo("Europe/Minsk")))


def markdown(sources: Sources, language: Language = Language.ENGLISH) -> str:
    return as_markdown(document_of(report_of(sources), language, ZoneInfo("Europe/Minsk")))


def hostile() -> Sources:
    """Everything that others write, written to harm."""
    rows = [
        (at, kind, step, _poisoned(data)) for at, kind, step, data in PREPARED + CROSSED + PASSED
    ]
    evil = Signature(EVIL, EVIL, EVIL, EVIL)
    plan = plan_of(release_id=EVIL, described=EVIL, revision=EVIL, reason=EVIL, from_release=EVIL)
    made = made_of(tuple(rows), 0, "deployed", plan=plan, after=after(evil))
    return replace(made, project=EVIL, who=EVIL, asked=EVIL)


def _poisoned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = ("topic", "level", "state", "verdict", "outcome", "criterion", "hours", "item")
        return {key: one if key in kept else _poisoned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one) for one in value]
    return EVIL if isinstance(value, str) else value


@pytest.mark.parametrize("sources", [deployed(), rolled_back(), hostile()])
def test_the_page_asks_for_nothing_and_runs_nothing(sources: Sources) -> None:
    """It is opened years later, offline, or from a mail."""
    text = html(sources)
    page = Page(text)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "a", "form", "base"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not names & {"src", "href", "srcset", "action", "background", "xlink:href"}
    assert not [name for name in names if name.startswith("on")]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.S)
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in text


@pytest.mark.parametrize("language", list(Language))
def test_hostile_text_stays_text(language: Language) -> None:
    """Names of releases, log lines and reasons are written by anybody."""
    text = html(hostile(), language)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x00" not in text
    assert "<script>alert(1)</script>" in Page(text).words  # shown, not swallowed
    shown = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(markdown(hostile(), language))
    )
    found = {tag for tag, _ in Page(shown).tags}
    assert not found & {"script", "img", "a", "style"}


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    """But for what cannot be seen."""
    page = Page(html(deployed(plan=plan_of(reason=text or "x"))))
    assert printable(text) in " ".join(page.words.split()) or not printable(text)


def test_a_deployment_says_what_matters() -> None:
    """Read at a glance: it runs, how long the public waited, who let it."""
    words = Page(html(deployed())).words
    for said in (
        "Deployed: r2 runs.",
        "The public waited 4 s predicted 2 s",
        "Asked for by olga",
        "ivan (lead), 2026-01-01 15:00:15",
        "Database migrated",
        "limit: 500 ms",
        "before: 10 ms",
        "The rollback plan was tested on 2026-01-01 15:00:14",
        "/x became slower: 20 ms instead of 10 ms.",
        "ValueError: bad in notes/views.py, notes",
        "Times are UTC+03:00",
    ):
        assert said in words, said


def test_slower_is_bad_only_where_the_watch_says_so() -> None:
    """Medians of a few probes differ that much by chance; red beside "no reason to go back" is
    read as a mistake of one of them."""
    slow = {"criterion": "performance degraded", "outcome": "fail", "evidence": []}
    failed = (
        *PREPARED,
        *CROSSED,
        (35, "intent", "watch.run", {}),
        (45, "verdict", "watch.run", {"criteria": {"success": [], "rollback": [slow]}}),
    )
    assert _row_of(deployed(), "/x") == "warn"
    assert _row_of(deployed(events=told(*failed)), "/x") == "bad"


def _row_of(sources: Sources, name: str) -> str:
    """The tone of an endpoint's row."""
    found = re.search(rf'<tr class="(\w*)"><td[^>]*>{name}</td>', html(sources))
    assert found is not None
    return found[1]


def test_a_criterion_shows_what_decided_it() -> None:
    """Between what passed and what was not seen yet, nobody would find the one that failed."""
    evidence = [
        {"source": str(n), "outcome": outcome, "fact": f"{outcome} {n}"}
        for n in range(9)
        for outcome in ("pass", "inconclusive", "fail")
    ]
    judged = [
        {"criterion": name, "outcome": outcome, "evidence": evidence}
        for name, outcome in (
            ("performance degraded", "fail"),
            ("functionality broken", "inconclusive"),
        )
    ]
    verdict: Row = (45, "verdict", "watch.run", {"criteria": {"success": [], "rollback": judged}})
    events = told(*PREPARED, *CROSSED, (35, "intent", "watch.run", {}), verdict)
    words = Page(html(deployed(events=events))).words
    assert "a reason to go back fail 0; fail 1; fail 2; fail 3; and 5 more" in words
    assert "not proven inconclusive 0; inconclusive 1" in words
    assert "pass 0" not in words


def test_a_return_says_what_matters() -> None:
    """What is apart, where it is, and that the old release was checked."""
    words = Page(html(rolled_back())).words
    for said in (
        "Failed and rolled back: r1 runs again, but not all rows could come along.",
        "/x: 5 errors. [watch.alarm]",
        "3 rows, written after opening, are not in the database now. In full: /q/rows.jsonl",
        "4 rows, written after opening, were carried over: notes 4",
        "3: a migration stands in the way",
        "notes 2",
        "Checked on the release that came back, before opening:",
        "done, and taken back",
    ):
        assert said in words, said
    assert "Release notes" not in words


def after_a_day(**remarks: Any) -> Sources:
    """A good one, and its day."""
    alarm = (500, "day-alarm", "", {"criterion": "performance degraded", "fact": "/x is slow"})
    over = (86_467, "day-over", "", {**DIGEST, **remarks})
    told_of_day = (ORDERED, alarm, over) if remarks else (ORDERED, over)
    return deployed(events=told(*PREPARED, *CROSSED, *PASSED, *told_of_day))


def test_the_day_after_is_told() -> None:
    """R-5.6: in all of the twins; and a good day is not told as one with remarks."""
    quiet = Page(html(after_a_day())).words
    for said in (
        "Watched until 2026-01-02 15:01:06: nothing to remark.",
        "Available 100 % 8640 requests, 0 failed",
        "/x 10 ms 12 ms 15 ms 20 ms 0 of 8640",
        "Memory at most 300 MB before: 200 MB",
    ):
        assert said in quiet, said
    remarks = {
        "failed": 1, "availability": 1 - 1 / 8640, "new_signatures": 1,
        "new_errors": [["KeyError: x in a.py, f", 2]], "restarts": [["web", 3]],
        "missing": ["app.log: a piece was lost"],
    }  # fmt: skip
    loud = Page(html(after_a_day(**remarks))).words
    for said in (
        "a person should look",
        "Available 99.98 %",
        "performance degraded /x is slow",
        "KeyError: x in a.py, f 2",
        "web: started again 3 times",
        "Not seen: app.log: a piece was lost",
    ):
        assert said in loud, said
    assert "nothing to remark" in markdown(after_a_day())
    assert "The day after" not in html(deployed())
    russian = Page(html(after_a_day(**remarks), Language.RUSSIAN)).words
    assert "нужен взгляд человека" in russian
    assert "Доступность 99,98 %" in russian


def test_the_twins_say_the_same() -> None:
    """Whoever has one of them misses nothing of it."""
    for sources in (deployed(), rolled_back()):
        text = MarkdownIt("commonmark").enable("table").render(markdown(sources))
        shown = Page(text).words
        for section in ("In short", "Checklists", "Timeline", "The way back", "Backups"):
            assert section in shown
        assert "r1" in shown


def test_russian_is_russian() -> None:
    """R-8.4: no heading, mark or figure is left in English."""
    words = Page(html(rolled_back(), Language.RUSSIAN)).words
    assert "Не удалось, выполнен откат: снова работает r1" in words
    assert "Посетители ждали 8 с" in words
    assert "3 строк, записанных после открытия, сейчас нет в базе" in words
    english = {"Checklists", "Timeline", "Predicted", "Endpoint", "Backups", "done", "failed"}
    assert not english & set(words.split())


def test_nothing_measured_is_said_to_be_so() -> None:
    """Silence would be read as good news."""
    words = Page(html(made_of(PREPARED + CROSSED + PASSED, 0, "deployed"))).words
    for said in (
        "Response times: not measured.",
        "Memory and CPU of the services: not measured.",
        "Errors in the logs: not measured.",
    ):
        assert said in words


def test_release_notes_of_all_releases() -> None:
    """R-12: the newest first, with what was taken back later."""
    first, second = deployed(), deployed(taken_back_at="2026-01-02T00:00:00+00:00")
    entries = [report_of(one).release_notes for one in (second, first)]
    text = release_notes_page(
        "notes", [one for one in entries if one], Language.ENGLISH, ZoneInfo("UTC")
    )
    assert text.startswith("# Releases of notes\n")
    assert text.count("## r2") == 2
    assert text.index("Taken back on 2026-01-02 00:00:00") < text.rindex("## r2")


@given(st.lists(st.floats(1e-5, 1e3), min_size=1, max_size=50))
def test_every_value_has_its_place_on_the_chart(values: list[float]) -> None:
    """In order, inside, and with a few round marks."""
    scale = heights(values)
    places = [scale.place(one) for one in sorted(values)]
    assert places == sorted(places)
    assert all(0 <= one <= 1 for one in places)
    assert len(scale.marks()) <= 12
