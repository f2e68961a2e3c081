"""The model over PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.adapters.databases.postgresql.server import Server
from tests.models.in_postgresql import PostgreSQLBed
from tests.models.machine import Model
from tests.models.trying import modelled, try_out


@pytest.fixture(scope="module")
def model(server: Server) -> Iterator[type[Model]]:
    with modelled(PostgreSQLBed(server)) as made:
        yield made
    server.forget()


def test_every_write_is_in_the_database_or_listed(model: type[Model]) -> None:
    """Whatever was written, migrated, opened, taken back and put back, and wherever it died."""
    try_out(model, examples=4, steps=6)


@pytest.mark.long
def test_so_it_is_however_long_one_tries(model: type[Model]) -> None:
    """The same, many times over and deeper: `make models`."""
    try_out(model, examples=2000, steps=25)
