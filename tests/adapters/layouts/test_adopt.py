"""From one folder to the releases layout, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.adapters.layouts.adopt import adopt, take_back
from parom.adapters.layouts.releases import ReleasesLayout
from parom.errors import ParomError
from parom.facts import Release
from tests.adapters.layouts.killing import killed_at
from tests.adapters.layouts.trees import DATA, NOW, ONE, SHARED, read_tree, write_tree

ENVIRONMENT = {".venv/pyvenv.cfg": "home = /usr/bin\n", ".venv/name": "before Parom"}
NAMES = (*SHARED, "app/uploads/")


def installation(root: Path) -> Path:
    write_tree(root, {**ONE, **DATA, **ENVIRONMENT, "app/uploads/cv.pdf": "cv"})
    write_tree(root, {"logs/django.log": "line"})
    return root


@pytest.fixture(params=["same root", "another root"])
def roots(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    root = installation(tmp_path / "old")
    return root, root if request.param == "same root" else tmp_path / "new"


def check_adopted(root: Path, target: Path, release: Release) -> None:
    layout = ReleasesLayout(target, NAMES)
    current = layout.running_path
    assert layout.current() == release.id
    assert (current / "app/views.py").read_text() == "VERSION = 1\n"
    assert (current / "db.sqlite3").read_text() == "rows"
    assert (target / "shared/db.sqlite3-wal").read_text() == "wal"
    assert (current / "app/uploads/cv.pdf").read_text() == "cv"
    assert (current / ".venv/name").read_text() == "before Parom"
    assert (root / "db.sqlite3").resolve() == (target / "shared/db.sqlite3").resolve()
    assert (root / "media/photo.jpg").read_text() == "pixels"
    assert (root / ".venv/name").read_text() == "before Parom"
    assert (root / "app/views.py").exists() == (root != target)


def test_adopting_moves_data_and_keeps_old_places_working(roots: tuple[Path, Path]) -> None:
    """Whatever else knows the database by its old path goes on finding it."""
    root, target = roots
    release = adopt(root, target, NAMES, NOW)
    check_adopted(root, target, release)
    assert adopt(root, target, NAMES, NOW) == release
    check_adopted(root, target, release)


def test_taking_back_restores_every_byte(roots: tuple[Path, Path]) -> None:
    """Who tries it out must be able to undo it."""
    root, target = roots
    before = read_tree(root, without=(".parom",))
    adopt(root, target, NAMES, NOW)
    take_back(target)
    assert read_tree(root, without=(".parom",)) == before
    assert ReleasesLayout(target, NAMES).releases() == ()
    take_back(target)


@pytest.mark.parametrize("call", ["adopt", "take back"])
@pytest.mark.parametrize(
    "same", [True, pytest.param(False, marks=pytest.mark.long)], ids=["same root", "another root"]
)
def test_killed_anywhere_it_goes_both_ways(tmp_path: Path, same: bool, call: str) -> None:
    """R-13.1: between any two changes both ways lead out."""
    change = 0
    killed = True
    while killed:
        change += 1
        root = installation(tmp_path / f"old-{change}")
        target = root if same else tmp_path / f"new-{change}"
        before = read_tree(root, without=(".parom",))
        if call == "take back":
            adopt(root, target, NAMES, NOW)
            killed = killed_at(change, lambda target=target: take_back(target))  # type: ignore[misc]
        else:
            killed = killed_at(
                change,
                lambda root=root, target=target: adopt(root, target, NAMES, NOW),  # type: ignore[misc]
            )
        if change % 2:
            check_adopted(root, target, adopt(root, target, NAMES, NOW))
        take_back(target)
        assert read_tree(root, without=(".parom",)) == before, change
        check_adopted(root, target, adopt(root, target, NAMES, NOW))


def test_after_a_deployment_adopting_again_changes_nothing(tmp_path: Path) -> None:
    """It must not bring the first release back."""
    root, target = installation(tmp_path / "old"), tmp_path / "new"
    adopt(root, target, NAMES, NOW)
    layout = ReleasesLayout(target, NAMES)
    write_tree(layout.path_of("next"), {"manage.py": ""})
    layout.record(Release("next", "a test", "next", NOW))
    layout.switch("next")
    adopt(root, target, NAMES, NOW)
    assert layout.current() == "next"
    with pytest.raises(ParomError, match=r"layout\.adoption-over"):
        take_back(target)


def test_a_name_in_the_way_is_refused_before_anything_changes(tmp_path: Path) -> None:
    """An application may have a folder called `releases` itself."""
    root = installation(tmp_path / "old")
    write_tree(root, {"releases/notes.txt": "the application's own"})
    before = read_tree(root, without=())
    with pytest.raises(ParomError, match=r"layout\.name-taken"):
        adopt(root, root, NAMES, NOW)
    assert read_tree(root, without=()) == before


def test_a_folder_without_an_application_is_refused(tmp_path: Path) -> None:
    """A wrong path must not be turned into an installation."""
    (tmp_path / "empty").mkdir()
    for root in (tmp_path / "empty", tmp_path / "missing"):
        with pytest.raises(ParomError, match=r"layout\.no-application"):
            adopt(root, tmp_path / "new", NAMES, NOW)


def test_a_database_behind_a_link_stays_where_it_is(tmp_path: Path) -> None:
    """Parom's own snapshots put the live database behind a link."""
    root, target = installation(tmp_path / "old"), tmp_path / "new"
    (root / "db.sqlite3").rename(tmp_path / "real.sqlite3")
    (root / "db.sqlite3").symlink_to(tmp_path / "real.sqlite3")
    adopt(root, target, NAMES, NOW)
    assert (target / "current/db.sqlite3").resolve() == tmp_path / "real.sqlite3"
    assert (root / "db.sqlite3").resolve() == tmp_path / "real.sqlite3"
