"""Trees as data."""

from __future__ import annotations

import os
import shutil
from pathlib import Path, PurePosixPath

import pytest

from parom.tree import Entry, EntryKind, copy, escaping_links, exclusion, fingerprint, scan
from tests.adapters.layouts.trees import ONE, read_tree, write_tree


def nothing(_path: PurePosixPath) -> bool:
    return False


def test_a_copy_is_equal_and_shares_no_file(tmp_path: Path) -> None:
    """What is written in place on one side must not reach the other."""
    write_tree(tmp_path / "from", ONE)
    (tmp_path / "from" / "app").chmod(0o555)
    tree = scan(tmp_path / "from", nothing)
    copy(tmp_path / "from", tree, tmp_path / "to")
    assert read_tree(tmp_path / "to") == read_tree(tmp_path / "from")
    assert scan(tmp_path / "to", nothing) == tree
    with (tmp_path / "to" / "manage.py").open("a") as file:
        file.write("more")
    assert (tmp_path / "from" / "manage.py").read_text() == ONE["manage.py"]


def test_what_goes_while_it_is_read_is_no_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The application whose folder is adopted runs on, and removes what is its own."""
    write_tree(tmp_path, {"app/views.py": "", "cache/one": "", "session": "", "z": "-> session"})
    listing, reading = os.listdir, Path.readlink

    def listed(folder: Path) -> list[str]:
        if folder.name == "cache":
            shutil.rmtree(folder)
        names = listing(folder)
        (tmp_path / "session").unlink(missing_ok=True)
        return names

    def read(link: Path) -> Path:
        link.unlink()
        return reading(link)

    monkeypatch.setattr(os, "listdir", listed)
    monkeypatch.setattr(Path, "readlink", read)
    assert [str(path) for path in scan(tmp_path, nothing)] == ["app", "app/views.py"]


def test_no_name_can_imitate_another_tree() -> None:
    """Revisions name trees; two trees must not share one."""
    one = {PurePosixPath("a"): Entry(EntryKind.FILE, 0o644, "x")}
    two = {PurePosixPath("a/644"): Entry(EntryKind.FILE, 0, "x")}
    assert fingerprint(one) != fingerprint(two)
    assert fingerprint({**one, **two}) == fingerprint({**two, **one})


@pytest.mark.parametrize(
    ("pattern", "path", "left_out"),
    [
        ("*.pyc", "a/b/c.pyc", True),
        ("media/", "media", True),
        ("media/", "app/media", True),
        ("/media", "app/media", False),
        ("/media/", "media", True),
        ("app/media", "app/media", True),
        ("app/media", "x/app/media", False),
        ("", "anything", False),
        ("/", "anything", False),
    ],
)
def test_patterns_mean_what_they_mean_to_git(pattern: str, path: str, left_out: bool) -> None:
    """Everybody knows .gitignore."""
    assert exclusion([pattern])(PurePosixPath(path)) is left_out


@pytest.mark.parametrize(
    ("links", "escaping"),
    [
        ({"a/link": "-> ../b"}, []),
        ({"a/link": "-> ../../b"}, ["a/link"]),
        ({"link": "-> /etc"}, ["link"]),
        ({"a/b/up": "-> ../..", "a/b/link": "-> up/../x"}, ["a/b/link"]),
    ],
    ids=["inside", "dots", "absolute", "through another link"],
)
def test_links_out_of_a_tree_are_found(
    tmp_path: Path, links: dict[str, str], escaping: list[str]
) -> None:
    """Counting dots is not enough: behind a link they lead elsewhere."""
    write_tree(tmp_path / "top", links)
    found = escaping_links(tmp_path / "top", scan(tmp_path / "top", nothing))
    assert [one.split(" ")[0] for one in found] == escaping
