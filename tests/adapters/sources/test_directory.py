"""A folder as a source."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.adapters.sources.directory import DirectorySource
from parom.errors import ParomError
from tests.adapters.layouts.trees import read_tree, write_tree

CODE = {"manage.py": "x", "app/views.py": "y", "run.sh*": "#!/bin/sh", "link": "-> app/views.py"}
NOT_CODE = {
    ".git/HEAD": "ref",
    "env/pyvenv.cfg": "home",
    "env/bin/python": "binary",
    "app/__pycache__/views.pyc": "compiled",
    "db.sqlite3": "rows",
    "db.sqlite3-wal": "wal",
    "media/photo.jpg": "pixels",
    "app/media/kept.txt": "code all the same",
}
EXCLUDE = ("db.sqlite3*", "/media/", ".env")


def test_the_tree_arrives_without_what_is_no_code(tmp_path: Path) -> None:
    """Data of the development machine must not reach production."""
    write_tree(tmp_path / "from", {**CODE, **NOT_CODE})
    source = DirectorySource(tmp_path / "from", "", EXCLUDE)
    revision = source.resolve("")
    source.fetch(revision, tmp_path / "to")
    write_tree(tmp_path / "model", {**CODE, "app/media/kept.txt": "code all the same"})
    assert read_tree(tmp_path / "to") == read_tree(tmp_path / "model")
    assert revision.label == revision.revision[:7]
    assert not (tmp_path / "to.partial").exists()


def test_a_subfolder_is_a_tree_of_its_own(tmp_path: Path) -> None:
    """Many projects keep their backend beside other things."""
    write_tree(tmp_path / "from/backend", CODE)
    source = DirectorySource(tmp_path / "from", "backend/")
    assert (
        source.resolve("").revision
        == DirectorySource(tmp_path / "from/backend").resolve("").revision
    )


@pytest.mark.parametrize(
    "change",
    [
        {"app/new.py": ""},
        {"manage.py": "changed"},
        {"manage.py*": "x"},
        {"other": "-> app/views.py"},
        {"empty/x/__pycache__/y.pyc": ""},
    ],
    ids=["new file", "content", "mode", "link", "folder"],
)
def test_any_change_of_code_is_another_revision(tmp_path: Path, change: dict[str, str]) -> None:
    """Two different trees with one name could not be told apart in the history."""
    write_tree(tmp_path / "from", CODE)
    source = DirectorySource(tmp_path / "from")
    before = source.resolve("")
    write_tree(tmp_path / "from", {"__pycache__/manage.pyc": "compiled"})
    assert source.resolve("") == before
    write_tree(tmp_path / "from", change)
    assert source.resolve("").revision != before.revision


def test_a_folder_that_changed_since_is_refused(tmp_path: Path) -> None:
    """What was planned and shown must be what is deployed."""
    write_tree(tmp_path / "from", CODE)
    source = DirectorySource(tmp_path / "from")
    revision = source.resolve("")
    write_tree(tmp_path / "from", {"manage.py": "changed"})
    with pytest.raises(ParomError, match=r"source\.changed") as caught:
        source.fetch(revision, tmp_path / "to")
    assert caught.value.can_retry
    assert {path.name for path in tmp_path.iterdir()} == {"from"}


@pytest.mark.parametrize("target", ["/etc/hostname", "../../outside", "app/../../x"])
def test_a_link_out_of_the_tree_is_refused(tmp_path: Path, target: str) -> None:
    """It would lead somewhere else in production."""
    write_tree(tmp_path / "from", {**CODE, "leads": f"-> {target}"})
    source = DirectorySource(tmp_path / "from")
    with pytest.raises(ParomError, match=r"source\.unsafe-archive.*leads"):
        source.fetch(source.resolve(""), tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_missing_folder_and_a_subfolder_outside_are_refused(tmp_path: Path) -> None:
    """Both are mistakes in parom.toml."""
    with pytest.raises(ParomError, match=r"source\.no-folder"):
        DirectorySource(tmp_path / "missing").resolve("")
    for subfolder in ("../other", "/etc"):
        with pytest.raises(ParomError, match=r"source\.bad-subfolder"):
            DirectorySource(tmp_path, subfolder)
