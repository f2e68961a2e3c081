"""Parom dies while it puts rows back into PostgreSQL; for SQLite see `tests/cli`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.adapters.databases.postgresql.server import Server
from tests.quarantine.scene import author, in_postgresql, scene_with


@pytest.mark.parametrize("point", ["begun", "written", "committed", "told"])
def test_nothing_goes_back_twice_and_nothing_is_lost(
    emptied: Server, tmp_path: Path, point: str
) -> None:
    """What the batch did is found out by the mark that its own transaction left."""
    scene = scene_with(in_postgresql(emptied), tmp_path, *(author(n) for n in (10, 11, 12)))
    putter = [sys.executable, "-m", "tests.quarantine.putter", str(scene.folder.path), point]
    given = json.dumps(asdict(emptied.access()))
    killed = subprocess.run(putter, input=given, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    # Who goes on working: were the rows put back again, this would be lost.
    scene.sql("DELETE FROM author WHERE id = 10; UPDATE author SET name = 'n' WHERE id = 11")
    tally = scene.put()
    found = scene.rows("SELECT id, name FROM author WHERE id > 9 ORDER BY id")
    if point in ("committed", "told"):
        assert (tally.before, tally.back.total(), tally.stayed.total()) == (3, 0, 0)
        assert found == [(11, "n"), (12, "author 12")]
    else:
        assert (tally.before, tally.back.total(), tally.stayed.total()) == (0, 3, 0)
        assert found == [(n, f"author {n}") for n in (10, 11, 12)]
    left = "SELECT nspname FROM pg_namespace WHERE nspname ~ 'parom'"
    assert scene.rows(left) == []
