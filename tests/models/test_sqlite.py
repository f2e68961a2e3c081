"""The model over SQLite."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.models.in_sqlite import SQLiteBed
from tests.models.machine import Model, modelled


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[type[Model]]:
    with modelled(SQLiteBed(tmp_path_factory.mktemp("first"))) as made:
        yield made


def test_every_write_is_in_the_database_or_listed(model: type[Model]) -> None:
    """Whatever was written, migrated, opened, taken back and put back, and wherever it died."""
    run_state_machine_as_test(model, settings=settings(max_examples=30, stateful_step_count=8))


@pytest.mark.long
def test_so_it_is_however_long_one_tries(model: type[Model]) -> None:
    """The same, many times over and deeper: `make models`."""
    run_state_machine_as_test(model, settings=settings(max_examples=2000, stateful_step_count=25))
