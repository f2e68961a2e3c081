"""The layout of an installation that lives in one folder."""

from __future__ import annotations

import os
import py_compile
from pathlib import Path

import pytest

from parom.adapters.layouts.in_place import InPlaceLayout
from parom.errors import ParomError
from tests.adapters.layouts.conftest import Laid, laid_out
from tests.adapters.layouts.killing import killed_at
from tests.adapters.layouts.trees import (
    DATA,
    NOW,
    ONE,
    SHARED,
    TWO,
    expected_tree,
    read_tree,
    write_tree,
)

ENVIRONMENT = {
    ".venv/pyvenv.cfg": "home = /usr/bin\n",
    ".venv/name": "before Parom",
    ".venv/bin/tool*": "#!/bin/sh\necho tool\n",
}


@pytest.fixture
def installed(tmp_path: Path) -> Laid:
    """An installation as people make it by hand."""
    laid = laid_out("in-place", tmp_path / "root")
    write_tree(laid.root, {**ONE, **DATA, **ENVIRONMENT, "notes.txt": "by a person"})
    write_tree(laid.root, {"logs/django.log": "line", ".git/HEAD": "ref"})
    return laid


def in_place(laid: Laid) -> InPlaceLayout:
    assert isinstance(laid.layout, InPlaceLayout)
    return laid.layout


def test_adopting_keeps_the_code_and_touches_nothing(installed: Laid, tmp_path: Path) -> None:
    """It happens while the application serves the public."""
    before = read_tree(installed.root, without=(".parom",))
    release = installed.layout.adopt_running(NOW)
    assert read_tree(installed.root, without=(".parom",)) == before
    assert installed.layout.current() == release.id
    assert installed.layout.adopt_running(NOW) == release
    kept = read_tree(installed.layout.path_of(release.id))
    links = {"db.sqlite3", "media", ".env"}
    code = {name: what for name, what in kept.items() if name not in links}
    assert code == expected_tree(tmp_path, {**ONE, "notes.txt": "by a person"}) | {
        "logs": "folder 755"
    }
    assert (installed.layout.path_of(release.id) / "db.sqlite3").read_text() == "rows"


def test_an_adopted_release_has_the_environment_that_runs(installed: Laid) -> None:
    """The rehearsal starts the old release from its tree, before any switch."""
    release = installed.layout.adopt_running(NOW)
    own = installed.layout.path_of(release.id) / ".venv"
    assert own.is_symlink()
    assert (own / "name").read_text() == "before Parom"


def test_the_way_there_and_back_restores_every_byte(installed: Laid) -> None:
    """A rollback of the first deployment must find the installation as it was."""
    before = read_tree(installed.root, without=(".parom", ".venv"))
    adopted = installed.layout.adopt_running(NOW)
    installed.add("two", TWO)
    installed.layout.switch("two")
    assert installed.running_environment() == "two"
    assert (installed.root / "app/views.py").read_text() == "VERSION = 2\n"
    assert not (installed.root / "app/old_module.py").exists()
    assert (installed.root / "notes.txt").read_text() == "by a person"
    installed.layout.switch(adopted.id)
    assert read_tree(installed.root, without=(".parom", ".venv")) == before
    assert installed.running_environment() == "before Parom"
    assert (installed.root / ".venv" / "bin" / "tool").exists()


def test_a_first_switch_killed_anywhere_goes_both_ways(installed: Laid, tmp_path: Path) -> None:
    """The real environment's folder is moved in it: the one rename that has no twin."""
    before = read_tree(installed.root, without=(".parom", ".venv"))
    change = 0
    killed = True
    while killed:
        change += 1
        laid = laid_out("in-place", tmp_path / f"root-{change}")
        write_tree(laid.root, {**ONE, **DATA, **ENVIRONMENT, "notes.txt": "by a person"})
        write_tree(laid.root, {"logs/django.log": "line", ".git/HEAD": "ref"})
        adopted = laid.layout.adopt_running(NOW)
        laid.add("two", TWO)
        killed = killed_at(change, lambda laid=laid: laid.layout.switch("two"))  # type: ignore[misc]
        laid.layout.switch(adopted.id)
        assert read_tree(laid.root, without=(".parom", ".venv")) == before, change
        assert laid.running_environment() == "before Parom"
        laid.layout.switch("two")
        assert laid.running_environment() == "two"
        assert (laid.layout.path_of(adopted.id) / ".venv" / "name").read_text() == "before Parom"


def test_adopting_killed_anywhere_is_finished_by_repeating(tmp_path: Path) -> None:
    """It is the first thing of the first deployment."""
    change = 0
    killed = True
    while killed:
        change += 1
        laid = laid_out("in-place", tmp_path / f"root-{change}")
        write_tree(laid.root, {**ONE, **DATA, **ENVIRONMENT})
        before = read_tree(laid.root, without=(".parom",))
        killed = killed_at(change, lambda laid=laid: laid.layout.adopt_running(NOW))  # type: ignore[misc]
        release = laid.layout.adopt_running(NOW)
        assert laid.layout.releases() == (release,)
        assert laid.layout.current() == release.id
        assert read_tree(laid.root, without=(".parom",)) == before


def test_uploads_that_nobody_declared_survive_the_first_switch(installed: Laid) -> None:
    """In an adopted folder code and uploads cannot be told apart; only modules may go."""
    write_tree(installed.root, {"uploads/contract.pdf": "signed", "uploads/page.html": "x"})
    installed.layout.adopt_running(NOW)
    installed.add("two", TWO)
    installed.layout.switch("two")
    assert (installed.root / "uploads/contract.pdf").read_text() == "signed"
    assert (installed.root / "uploads/page.html").read_text() == "x"
    assert not (installed.root / "gone").exists()


def test_a_modified_file_stops_the_next_deployment(two_releases_in_place: Laid) -> None:
    """A change made on the server would be lost by the way back."""
    (two_releases_in_place.root / "app/views.py").write_text("VERSION = 'hot fix'\n")
    (two_releases_in_place.root / "app/old_module.py").unlink()
    layout = in_place(two_releases_in_place)
    assert layout.modified() == ("app/old_module.py", "app/views.py")
    with pytest.raises(ParomError, match=r"layout\.modified-files.*app/views\.py"):
        layout.adopt_running(NOW)


def test_the_cure_for_modified_files_keeps_them_as_a_release(two_releases_in_place: Laid) -> None:
    """What the error says must work: the hot fix becomes the way back."""
    laid = two_releases_in_place
    (laid.root / "app/views.py").write_text("VERSION = 'hot fix'\n")
    (laid.root / ".parom" / "current.json").unlink()
    kept = laid.layout.adopt_running(NOW)
    laid.layout.switch("two")
    laid.layout.remove("one")
    laid.layout.switch(kept.id)
    assert (laid.root / "app/views.py").read_text() == "VERSION = 'hot fix'\n"
    assert laid.running_environment() == "one"


def test_a_switch_never_loses_a_modified_file(two_releases_in_place: Laid) -> None:
    """A rollback cannot refuse; so it puts aside what it does not know."""
    laid = two_releases_in_place
    (laid.root / "app/views.py").write_text("VERSION = 'hot fix'\n")
    (laid.root / "app/old_module.py").write_text("OLD = 'changed'\n")
    laid.layout.switch("two")
    kept = laid.root / ".parom" / "kept" / "one-to-two"
    assert (kept / "app/views.py").read_text() == "VERSION = 'hot fix'\n"
    assert (kept / "app/old_module.py").read_text() == "OLD = 'changed'\n"


def test_files_of_nobody_stay_where_they_are(two_releases_in_place: Laid) -> None:
    """Only what a release put there may go."""
    laid = two_releases_in_place
    write_tree(laid.root, {"gone/deep/report.csv": "1,2", "becomes_file/mine.txt": "mine"})
    laid.layout.switch("two")
    assert (laid.root / "gone/deep/report.csv").read_text() == "1,2"
    assert not (laid.root / "gone/deep/module.py").exists()
    kept = laid.root / ".parom" / "kept" / "one-to-two"
    assert (kept / "becomes_file/mine.txt").read_text() == "mine"


def test_what_python_compiled_from_the_old_file_goes(two_releases_in_place: Laid) -> None:
    """Python believes a compiled file if size and time stamp fit; both may, within a second."""
    laid = two_releases_in_place
    module = laid.root / "app/views.py"
    compiled = py_compile.compile(str(module))
    assert compiled
    laid.layout.switch("two")
    assert not Path(compiled).exists()


def test_a_file_is_replaced_never_written_in_place(two_releases_in_place: Laid) -> None:
    """A process that still has the old file open, or mapped, must not see half of another."""
    laid = two_releases_in_place
    with (laid.root / "app/views.py").open() as reader:
        laid.layout.switch("two")
        assert reader.read() == "VERSION = 1\n"
    link_count = os.stat(laid.root / "app/views.py").st_nlink  # noqa: PTH116
    assert link_count == 1


def test_a_damaged_release_is_found_before_anything_goes(
    two_releases_in_place: Laid, tmp_path: Path
) -> None:
    """Half of a rollback onto broken files is worse than none."""
    laid = two_releases_in_place
    (laid.layout.path_of("two") / "app/views.py").write_text("flipped bits")
    with pytest.raises(ParomError, match=r"layout\.damaged-release.*app/views\.py"):
        laid.layout.switch("two")
    assert laid.running_tree() == expected_tree(tmp_path, ONE)
    laid.layout.switch("one")
    assert in_place(laid).adopt_running(NOW).id == "one"


def test_nothing_is_adopted_in_the_middle_of_a_switch(two_releases_in_place: Laid) -> None:
    """A mixture of two releases must never be taken for one."""
    laid = two_releases_in_place
    assert killed_at(12, lambda: laid.layout.switch("two"))
    with pytest.raises(ParomError, match=r"layout\.interrupted-switch"):
        laid.layout.adopt_running(NOW)
    with pytest.raises(ParomError, match=r"layout\.current-release"):
        laid.layout.remove("two")


def test_an_environment_outside_stays_where_it_is(installed: Laid) -> None:
    """A team that manages its environment itself goes on doing so."""
    installed.layout.adopt_running(NOW)
    folder = installed.layout.path_of("two")
    write_tree(folder, TWO)
    (folder / ".venv").symlink_to(installed.root / ".venv")
    installed.layout.link_shared("two")
    installed.layout.record(type(installed.layout.releases()[0])("two", "a test", "two", NOW))
    installed.layout.switch("two")
    assert not (installed.root / ".venv").is_symlink()
    assert installed.running_environment() == "before Parom"


@pytest.fixture
def two_releases_in_place(tmp_path: Path) -> Laid:
    laid = laid_out("in-place", tmp_path / "root")
    laid.add("one", ONE, minute=1)
    laid.add("two", TWO, minute=2)
    laid.layout.switch("one")
    return laid


def test_shared_names_added_later_are_no_code_any_more(two_releases_in_place: Laid) -> None:
    """The cure for a file that the application writes is to declare it."""
    laid = two_releases_in_place
    (laid.root / "static/site.css").write_text("written by the application")
    assert in_place(laid).modified() == ("static/site.css",)
    declared = InPlaceLayout(laid.root, laid.root / ".parom", (*SHARED, "static/"))
    assert declared.modified() == ()
