"""The rows of runs, which screens and decisions read, say what the chain says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from parom.journal.models import Event, Run
from parom.journal.record import RunRecord, create_run
from parom.journal.run_rows import altered_run
from parom.words.said import said

PLAN = {"kind": "deploy", "release_id": "r2", "steps": ["release.fetch"]}


@pytest.fixture(scope="module", autouse=True)
def _runs() -> Iterator[None]:
    with transaction.atomic():
        Run.objects.exclude(id__startswith="rows-").delete()
        Event.objects.filter(kind__in=("started", "finished")).delete()
        for name in ("rows-1", "rows-2", "rows-3"):
            run = create_run(name, "deploy", "rows", "olga", "main " * 60, PLAN)
            if name != "rows-3":
                RunRecord(run).finish("finished", "deployed", 0, {})
        yield
        transaction.set_rollback(True)


@contextmanager
def altered() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    assert altered_run() is None


def test_untouched_rows_are_good() -> None:
    assert altered_run() is None


@pytest.mark.parametrize(
    ("run", "field", "value"),
    [
        ("rows-1", "who", "ivan"),
        ("rows-1", "kind", "rollback"),
        ("rows-2", "asked", "another"),
        ("rows-2", "plan", {**PLAN, "release_id": "r3"}),
        ("rows-1", "outcome", "rolled back"),
        ("rows-1", "exit_code", 20),
        ("rows-2", "state", "running"),
        ("rows-3", "state", "finished"),
    ],
)
def test_an_altered_row_is_found(run: str, field: str, value: object) -> None:
    """By the event that says otherwise."""
    with altered():
        Run.objects.filter(id=run).update(**{field: value})
        found = altered_run()
        assert found is not None
        assert run in found.why
        assert Event.objects.get(number=found.number).run_id == run


def test_a_plan_that_can_be_said_in_russian_is_the_same() -> None:
    """An event keeps what its texts were made from; that is no alteration."""
    with altered():
        plan = {**PLAN, "described": said("nothing runs"), "notes": [said("nothing runs")]}
        create_run("rows-4", "deploy", "rows", "olga", "main", plan)
        assert "said" in Event.objects.get(run_id="rows-4").data
        assert altered_run() is None


def test_a_removed_row_is_found() -> None:
    with altered():
        Run.objects.filter(id="rows-2").delete()
        found = altered_run()
        assert found is not None
        assert "rows-2" in found.why


def test_an_inserted_row_is_found() -> None:
    """A deployment that nobody made."""
    with altered():
        Event.objects.filter(run_id="rows-3").delete()
        found = altered_run()
        assert found is not None
        assert "rows-3" in found.why
