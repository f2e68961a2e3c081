"""The live view, drawn on a terminal that is a text."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from parom.journal.told import Told
from parom.plan.plan import STEPS_OF, Kind, Plan

BEGAN = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type:
    """The view needs the journal's tables only for how long runs usually take."""
    import tests.support.journal  # noqa: F401 - opens the journal of this process
    from parom.cli import live

    monkeypatch.setattr(live, "usual_durations", lambda _kind, _run: {"release.fetch": 2.0})

    class Drawn:
        def __init__(self, height: int) -> None:
            plan = Plan(Kind.DEPLOY, "run", "production", STEPS_OF[Kind.DEPLOY], "r2", "repo main")
            run = SimpleNamespace(id="run", kind="deploy", plan=plan.as_record())
            self.view = live.View(run, tmp_path)  # type: ignore[arg-type]
            self.height = height
            self.seconds = 0

        def take(self, kind: str, step: str = "", **data: object) -> None:
            self.seconds += 1
            at = (BEGAN + timedelta(seconds=self.seconds)).isoformat()
            self.view.take(Told(at, kind, step, dict(data)))

        def text(self) -> str:
            out = io.StringIO()
            Console(file=out, width=100, height=self.height, color_system=None).print(self.view)
            return out.getvalue()

    return Drawn


def test_done_running_and_waiting_steps_are_told_apart(drawn: type) -> None:
    """At a glance, also without colours."""
    picture = drawn(60)
    picture.take("intent", "installation.adopt")
    picture.take("ok", "installation.adopt", release="r1")
    picture.take("intent", "release.fetch")
    text = picture.text()
    assert "✓ What runs now is kept" in text
    assert "● Fetching the release" in text
    assert "○ Building its environment" in text
    assert "prepare: the public notices nothing" in text
    assert "cutover: the public waits" in text
    assert "s left" in text


def test_a_low_terminal_shows_the_phase_that_runs(drawn: type) -> None:
    """What is cut off at the bottom is what one waits for."""
    picture = drawn(22)
    for step in ("installation.adopt", "release.fetch"):
        picture.take("intent", step)
        picture.take("ok", step)
    picture.take("intent", "gateway.hold")
    text = picture.text()
    assert "✓ 2 steps" in text
    assert "● Holding the public" in text
    assert "○ 4 steps" in text
    assert len(text.splitlines()) <= 22


def test_a_return_shows_what_failed_and_nothing_that_never_was(drawn: type) -> None:
    """The step that failed stays marked when it is taken back."""
    picture = drawn(60)
    picture.take("intent", "gates.code")
    picture.take("failed", "gates.code")
    picture.take("turned-back", error={})
    picture.take("undo-intent", "gates.code")
    picture.take("undone", "gates.code")
    text = picture.text()
    assert "✗ failed, and taken back: Judging the new code" in text
    assert "Opening to the public" not in text
    assert "↩ going back" in text


def test_a_long_detail_takes_nothing_from_the_marks(drawn: type) -> None:
    """Without its mark and its colour a step that failed looks like any other."""
    picture = drawn(60)
    picture.take("intent", "backup.online")
    picture.take("ok", "backup.online", backup="20260101T120000-abc123-before" * 3, rows=5)
    line = next(one for one in picture.text().splitlines() if "Backup made" in one)
    assert line.startswith("✓ Backup made, unpacked and compared")
    assert line.rstrip().endswith("…")


def test_a_picture_that_is_complete_ends_with_its_last_step(drawn: type) -> None:
    """What is left is asked while something is."""
    picture = drawn(60)
    for step in STEPS_OF[Kind.DEPLOY]:
        picture.take("intent", step)
        picture.take("ok", step)
    assert "Release accepted" in picture.text().splitlines()[-1]
