"""The file of a quarantine, however large and however damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from parom.quarantine import lines
from parom.quarantine.lines import Line, Unreadable, lines_of
from tests.quarantine.scene import author


def test_it_is_read_one_line_at_a_time(tmp_path: Path) -> None:
    """It may be larger than the memory: nobody reads on before he is asked."""
    file = tmp_path / "rows.jsonl"
    file.write_text((json.dumps(author(1)) + "\n") * 3)
    found: Iterator[Line | Unreadable] = lines_of(file)
    assert [one.number for one in islice(found, 2)] == [1, 2]
    with file.open("a") as more:
        more.write(json.dumps(author(2)) + "\n")
    assert [one.number for one in found] == [3, 4]


def test_a_line_without_end_is_skipped_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody wrote must not fill the memory either."""
    monkeypatch.setattr(lines, "LONGEST", 1000)
    file = tmp_path / "rows.jsonl"
    good = json.dumps(author(1)) + "\n"
    file.write_text(good + "x" * 2500 + "\n" + good + "y" * 1000)
    assert [type(one) for one in lines_of(file)] == [Line, Unreadable, Line, Unreadable]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[1]",
        "{}",
        "[" * 100_000,
        '{"table": "t", "operation": "insert", "key": {}, "row": {}}',
        '{"table": "t", "operation": "insert", "key": {"id": 1}, "row": null}',
        '{"table": "t", "operation": "delete", "key": {"id": 1}, "row": {"id": 1}}',
        '{"table": "t", "operation": "insert", "key": {"id": 1}, "row": [1]}',
        '{"table": "t", "operation": "insert", "key": 1, "row": {"id": 1}}',
        '{"table": "t", "operation": "insert", "key": {"id": 1}, "row": {}, "carried": 1}',
    ],
)
def test_what_is_no_row_is_said_to_be_unreadable(text: str, tmp_path: Path) -> None:
    """Never guessed at."""
    file = tmp_path / "rows.jsonl"
    file.write_text(text + "\n")
    assert list(lines_of(file)) == [Unreadable(1)]
