"""The pictures of the README are there, light, and tell nothing of where they were made."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from docs.pictures.neutral import Neutral

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text("utf-8")
SHOWN = re.findall(r"!\[(?P<alt>[^\]]*)\]\((?P<path>[^)]+)\)", README)
PICTURES = [REPOSITORY / path for _, path in SHOWN]
DRAWN = [one for one in PICTURES if one.suffix == ".svg"]
_MOST_BYTES = 200_000
_SVG = "{http://www.w3.org/2000/svg}"


def test_the_readme_shows_the_terminal_and_the_report_in_words_too() -> None:
    """Who cannot see them is told what they show."""
    assert [one.suffix for one in PICTURES] == [".svg", ".png"]
    assert all(len(alt) > 40 for alt, _ in SHOWN)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.name)
def test_a_picture_is_there_and_small(picture: Path) -> None:
    assert 5_000 < picture.stat().st_size < _MOST_BYTES


def test_the_report_is_a_picture_as_wide_as_a_page() -> None:
    (report,) = [one for one in PICTURES if one.suffix == ".png"]
    head = report.read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:])[0] == 1100


@pytest.mark.parametrize("picture", DRAWN, ids=lambda one: one.name)
def test_a_drawing_asks_for_nothing(picture: Path) -> None:
    """A README is read on a train, and tells nobody that it is read."""
    text = picture.read_text("utf-8")
    root = ET.fromstring(text)
    assert root.tag == f"{_SVG}svg"
    assert {one.tag.removeprefix(_SVG) for one in root.iter()} <= {
        "svg", "style", "defs", "clipPath", "rect", "text", "g", "circle",
    }  # fmt: skip
    names = {name for one in root.iter() for name in one.attrib}
    assert not [name for name in names if "href" in name or name == "src" or name[:2] == "on"]
    assert set(re.findall(r"url\((.)", text)) == {"#"}
    assert "@" not in "".join(one.text or "" for one in root.iter(f"{_SVG}style"))
    assert re.findall(r"https?://[^\s\"<]+", text) == ["http://www.w3.org/2000/svg"]


@pytest.mark.parametrize("picture", DRAWN, ids=lambda one: one.name)
def test_a_drawing_shows_a_deployment_on_no_machine_in_particular(picture: Path) -> None:
    root = ET.fromstring(picture.read_text("utf-8"))
    words = "\n".join(one.text or "" for one in root.iter(f"{_SVG}text")).replace("\xa0", " ")
    for said in ("parom deploy", "Database migrated", "Watched", "Deployed:"):
        assert said in words
    for place in ("/tmp", "/home", "/root", "/work", "/Users", "127.0.0.1"):
        assert place not in words


def test_what_is_drawn_has_neutral_names(tmp_path: Path) -> None:
    neutral = Neutral(tmp_path)
    record: dict[str, Any] = {
        "who": "root",
        "listed": [{"file": f"{tmp_path}/q/rows.jsonl", "rows": 3}],
        "fact": f"{tmp_path} is full",
    }
    assert neutral.data(record) == {
        "who": "olga",
        "listed": [{"file": "/srv/q/rows.jsonl", "rows": 3}],
        "fact": "/srv is full",
    }


def test_a_picture_that_tells_of_this_machine_is_refused(tmp_path: Path) -> None:
    """A new field of a record must not slip through."""
    with pytest.raises(ValueError, match="tells of"):
        Neutral(tmp_path).check(f"<text>{tmp_path}/db.sqlite3</text>")
    Neutral(tmp_path).check("<text>/srv/db.sqlite3</text>")
