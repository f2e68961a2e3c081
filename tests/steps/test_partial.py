"""What a partial rollback refuses."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from parom.errors import ParomError
from parom.steps.compose import refuse_other_migrations
from tests.support.ferry import write_project


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Path, Path]:
    """The release that runs, and the one before it, whose migrations are fewer."""
    current, earlier = tmp_path / "current", tmp_path / "earlier"
    write_project(current, 2)
    write_project(earlier, 1)
    return current, earlier


@pytest.mark.parametrize(
    "name", ["notes", "notes/migrations", "notes/migrations/0002_length.py", "."]
)
def test_paths_with_other_migrations_are_refused(releases: tuple[Path, Path], name: str) -> None:
    """The database has been through them; code without them could not read it."""
    with pytest.raises(ParomError) as refused:
        refuse_other_migrations(*releases, PurePosixPath(name))
    assert refused.value.id == "release.holds-migrations"
    assert "notes/migrations/0002_length.py" in refused.value.fact


@pytest.mark.parametrize("name", ["notes/views.py", "site1", "notes/migrations/0001_initial.py"])
def test_paths_beside_them_are_not(releases: tuple[Path, Path], name: str) -> None:
    """Also a migration that is the same in both: it changes nothing."""
    refuse_other_migrations(*releases, PurePosixPath(name))


def test_folder_with_the_same_migrations_is_not(tmp_path: Path) -> None:
    """A module may be taken back whole where only its code differs."""
    write_project(tmp_path / "current", 2)
    write_project(tmp_path / "earlier", 2, notes="return None")
    refuse_other_migrations(tmp_path / "current", tmp_path / "earlier", PurePosixPath("notes"))
