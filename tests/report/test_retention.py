"""Samples of old runs go, and their reports stay as they were."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from parom.config.model import Config
from parom.config.reading import read
from parom.facts import Row
from parom.journal import chain, samples
from parom.journal.models import Run, Sample
from parom.journal.record import RunRecord, create_run
from parom.journal.samples import RunSamples
from parom.plan.plan import STEPS_OF, Kind, Plan
from parom.report.deriving import report_of
from parom.report.reading import sources_of
from parom.report.retention import forget_samples
from parom.verdict.kept import row_of
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Used,
)
from parom.verdict.samples import (
    Sample as Seen,
)
from parom.verdict.signature import Signature
from parom.words.said import Said, said
from tests.support.ferry import make_ferry

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_AT = (NOW - timedelta(days=8)).timestamp()


@pytest.fixture(autouse=True)
def _nothing_else() -> Iterator[None]:
    """The journal is that of all tests of this process."""
    with transaction.atomic():
        Sample.objects.all().delete()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return read(make_ferry(tmp_path / "ferry").config)


def looks(began: float) -> Iterator[Seen]:
    error = Signature("KeyError", "a.py", "f", "''")
    for second in range(200):
        at = began + second
        yield Probed("/x", Answer(at, 500 if second == 3 else 200, 0.01 + second / 10_000))
        yield Used(at, 200_000_000 + second, 0.1)
        yield LogLooked("web", at, (LogEntry(error, "1"),) if second == 5 else ())
        yield Checked(CheckKind.START, "web", at, True)
    yield LogLooked("gone", began, unread=said("nothing runs"))
    yield Checked(CheckKind.FUNCTION, "test_it", began, False, said("nothing runs"))
    yield PageLoaded("/", began, 0.7)


def run_with_samples(ended: datetime, state: str = "finished") -> Run:
    run_id = f"retention-{secrets.token_hex(4)}"
    plan = Plan(Kind.DEPLOY, run_id, "production", STEPS_OF[Kind.DEPLOY], "r2", "main")
    run = create_run(run_id, "deploy", "production", "olga", "main", plan.as_record())
    kept: list[Row] = [row_of(one) for one in looks(_AT)]
    for phase in ("baseline", "watch", "day"):
        RunSamples(run_id).add(phase, kept)
    RunRecord(run).finish(state, "deployed", 0, {})
    Run.objects.filter(id=run_id).update(finished=ended if state == "finished" else None)
    return Run.objects.get(id=run_id)


def report(run: Run, config: Config) -> dict[str, Any]:
    """Without what says how far the journal was."""
    found = report_of(sources_of(Run.objects.get(id=run.id), config))
    return json.loads(json.dumps(replace(found, anchor="").as_record()))  # type: ignore[no-any-return]


def count(run: Run) -> int:
    return Sample.objects.filter(run_id=run.id).count()


def test_a_report_is_the_same_without_its_samples(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every figure, chart and error: what is not there any more is not told as not measured."""
    monkeypatch.setattr(samples, "_AT_A_TIME", 500)
    run = run_with_samples(NOW - timedelta(days=8))
    before = report(run, config)
    assert before["measured"]["latency"][0]["after"]["failed"] == 1
    assert count(run) > 2000
    assert forget_samples(config, NOW, ()) == [run.id]
    assert count(run) == 0
    assert report(run, config) == before
    assert chain.verify() is None
    measured = report_of(sources_of(run, config)).measured
    assert measured.logs is not None
    assert isinstance(measured.logs.unread[0], Said), "it can still be said in Russian"
    assert any(isinstance(one.last_fact, Said) for one in measured.checks)


def test_what_is_young_held_or_watched_keeps_its_samples(config: Config) -> None:
    """A run that waits for a person is judged by them when it is carried on; so is a day."""
    young = run_with_samples(NOW - timedelta(days=6))
    held = run_with_samples(NOW, "held")
    watched = run_with_samples(NOW - timedelta(days=9))
    every = {one.id: count(one) for one in (young, held, watched)}
    assert forget_samples(config, NOW, [watched.id]) == []
    assert {one.id: count(one) for one in (young, held, watched)} == every


def test_it_is_finished_where_it_was_killed(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between what is kept and what goes, or in the midst of what goes: nothing is lost, and
    nothing that is half gone is taken for all there was."""
    run = run_with_samples(NOW - timedelta(days=8))
    before = report(run, config)

    def killed(of: RunSamples) -> int:
        ids = Sample.objects.filter(run_id=of.run_id).values_list("id", flat=True)[:700]
        Sample.objects.filter(id__in=list(ids)).delete()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(RunSamples, "drop", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_samples(config, NOW, ())
    assert 0 < count(run) < 2000
    assert report(run, config) == before
    assert forget_samples(config, NOW, ()) == [run.id]
    assert count(run) == 0
    assert report(run, config) == before


def test_a_run_that_cannot_be_read_keeps_no_other_from_it(config: Config) -> None:
    """One of a newer Parom, say."""
    strange, good = (run_with_samples(NOW - timedelta(days=days)) for days in (9, 8))
    Run.objects.filter(id=strange.id).update(plan={**strange.plan, "schema": 10**6})
    assert forget_samples(config, NOW, ()) == [good.id]
    assert count(strange) > 0
