"""The operations of a release are kept from its rehearsal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from parom.checks.openapi import Operation
from parom.config.reading import read
from parom.facts import Release
from parom.plan.plan import Kind, Plan
from parom.steps.documented import known_operations, note_operations
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry

NAMED = (Operation("/a/", frozenset({"200", "4XX"})), Operation("/b/", frozenset({"default"})))


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return Context(
        installation=installation_of(read(make_ferry(tmp_path).config)),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "new", "a test"),
        results={},
        tell=lambda _kind, _data: None,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


def test_what_a_release_named_is_known_of_it_alone(context: Context) -> None:
    """Another release may name others: what is asked of it is what it names itself."""
    note_operations(context, "new", NAMED)
    assert known_operations(context, "new") == NAMED
    assert known_operations(context, "other") == ()


def test_releases_that_are_gone_are_forgotten(context: Context) -> None:
    layout = context.installation.layout
    note_operations(context, "gone", NAMED)
    layout.path_of("stays").mkdir(parents=True)
    layout.record(Release("stays", "r", "a test", datetime.now(UTC)))
    note_operations(context, "stays", NAMED)
    note_operations(context, "new", NAMED)
    assert known_operations(context, "gone") == ()
    assert known_operations(context, "stays") == NAMED


def test_a_release_that_is_not_complete_yet_is_remembered_beside_the_one_it_replaces(
    context: Context,
) -> None:
    """A rehearsal asks the new one and then the old one; the cutover asks the new one again."""
    note_operations(context, context.plan.release_id, NAMED)
    note_operations(context, "old", NAMED)
    assert known_operations(context, context.plan.release_id) == NAMED
