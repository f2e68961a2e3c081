"""Which rows go back, and which stay with the reason: on real databases, each table of a kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from parom.errors import ParomError
from parom.quarantine.aim import Aim
from parom.quarantine.record import append
from parom.quarantine.was import Wanted, Was
from parom.replay.changes import Changes, Refusal
from tests.quarantine.conftest import Make
from tests.quarantine.scene import DANGLING, TO_NEWER, author, book, line

_BYTES = {"$bytes": "AP8="}
_TABLES = ("author", "book", "log", "told")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (book(10, stock=-1), "does-not-fit"),
        (author(10, name="a"), "does-not-fit"),
        (book(10, heading=None), "does-not-fit"),
        (book(10, heading=_BYTES), "does-not-fit, differs"),
        (book(10, stock=2**70), "does-not-fit"),
        (book(10, stock={"$what": 1}), "does-not-fit, differs"),
        (book(10, stock=1.5), ", does-not-fit"),
        (book(10, stock="5"), "differs"),
        (book(10, cover=_BYTES), ""),
        (book(10, author_id=77), "refers"),
        (author(1, "delete"), "referred"),
        (author(3, "delete"), ""),
        (book(1, "update", cover=_BYTES, author_id=1), ""),
        (book(9, "update"), ""),
        (line("told", 1, said="x"), "triggers"),
        (line("shelf", 1, room="x"), "no-table"),
        (line("log", 1, said="x", more=1), "other-table"),
        (line("log", 1), "other-table"),
        (line("django_migrations", 9, app="x", name="y"), "never"),
    ],
)
def test_a_row_goes_back_or_stays_and_says_why(
    row: Mapping[str, Any], why: str, make: Make
) -> None:
    """Constraints and references hold as for any write, and what stays leaves all as it was.
    With two answers the second one is PostgreSQL's, whose columns take one type."""
    scene = make(row)
    if "," in why:
        why = why.split(", ")[scene.live.is_postgresql]
    before = [scene.rows(f"SELECT * FROM {one} ORDER BY id") for one in _TABLES]
    tally = scene.put()
    assert [one.value for _, one in tally.stayed] == ([why] if why else [])
    assert tally.back.total() == (not why)
    after = [scene.rows(f"SELECT * FROM {one} ORDER BY id") for one in _TABLES]
    assert (before == after) == bool(why)
    assert scene.rows(DANGLING) == []


def test_rows_wait_for_each_other(make: Make) -> None:
    """A book before its author, an author before its books are gone: the order is the file's."""
    scene = make(
        book(10, author_id=10),
        author(10, name="c"),
        author(3, "update", name="z"),
        author(2, "delete"),
        book(3, "delete"),
    )
    tally = scene.put()
    assert (tally.back, tally.stayed.total()) == ({"book": 2, "author": 3}, 0)
    assert scene.rows("SELECT id, name FROM author ORDER BY id") == [(1, "a"), (3, "z"), (10, "c")]


def test_a_row_that_is_there_already_is_back(make: Make) -> None:
    """Somebody entered it by hand; and no `ON DELETE` takes others away."""
    scene = make(author(10), author(2, "delete"))
    scene.sql("INSERT INTO author VALUES (10, 'author 10')")
    assert scene.put().back == {"author": 1}
    assert len(scene.rows("SELECT * FROM book")) == 3


def test_without_an_image_only_new_rows_go_back(make: Make) -> None:
    """Of a return by an older Parom nobody knows how the rows came back."""
    scene = make(book(1, "update"), author(3, "delete"), author(10))
    scene.folder.images.unlink()
    tally = scene.put()
    assert tally.back == {"author": 1}
    assert {one.value for _, one in tally.stayed} == {"not-known"}


@pytest.mark.parametrize(
    ("why", "table", "looked_at", "stays"),
    [
        ("no-reverse", "", False, "values"),
        ("no-reverse", "", True, ""),
        ("changed", "author", False, "values"),
        ("changed", "book", False, ""),
        ("separate", "", True, "nobody-knows"),
        ("type", "author", True, "nobody-knows"),
        ("not-asked", "", True, "nobody-knows"),
    ],
)
def test_what_a_migration_did_to_rows_is_a_persons_to_judge_or_nobodys(
    why: str, table: str, looked_at: bool, stays: str, make: Make
) -> None:
    """A value may mean something else; a table that nobody can follow is no place for rows."""
    scene = make(author(10))
    scene.changes = Changes((), (Refusal("shop.0002", "RunPython", why, table),))
    tally = scene.put(values_looked_at=looked_at)
    assert [one.value for _, one in tally.stayed] == ([stays] if stays else [])


def test_once_the_migrations_are_applied_again_everything_finds_its_place(make: Make) -> None:
    """The corrected release is live: columns and tables that had no place are there again."""
    scene = make(
        book(10, pages=7),
        line("shelf", 1, room="x"),
        book(1, "update", heading="uno", cover=_BYTES, author_id=1, pages=3),
        {**line("book", 2, "update"), "row": {"pages": 9}, "carried": True},
        {**line("book", 3, "update"), "row": {"pages": 9}, "carried": True},
    )
    first = scene.put()
    assert first.in_part == {"book": 2}
    scene.sql(TO_NEWER)
    scene.sql("UPDATE book SET stock = 5 WHERE id = 3")
    second = scene.put()
    assert second.back == {"book": 3, "shelf": 1}
    assert [one.value for _, one in second.stayed] == ["changed"]
    assert scene.rows("SELECT id, heading, pages FROM book ORDER BY id") == [
        (1, "uno", 3), (2, "two", 9), (3, "three", 0), (10, "new", 7),
    ]  # fmt: skip


def test_a_schema_in_between_is_refused(make: Make) -> None:
    """Neither release's: what differs, nobody knows."""
    scene = make(author(10))
    scene.sql("INSERT INTO django_migrations (app, name) VALUES ('shop', '0002_newer')")
    assert scene.put().back == {"author": 1}  # the same table in both
    other = make(book(10))
    other.sql("INSERT INTO django_migrations (app, name) VALUES ('shop', '0002_newer')")
    assert [one.value for _, one in other.put().stayed] == ["other-table"]


def test_a_later_deployments_capture_notes_what_is_put_back(make: Make) -> None:
    """Else the next return would lose it without a word."""
    scene = make(author(10), author(3, "delete"), book(2, "update", author_id=1))
    database = scene.live.database
    database.install_capture("later")
    assert scene.put().back.total() == 3
    noted = {(one.table, one.operation) for one in database.captured_rows()}
    assert noted == {("author", "insert"), ("author", "delete"), ("book", "update")}


def test_where_the_mark_is_gone_rows_stay_in_doubt(make: Make) -> None:
    """A crash, and then another database: what was committed, nobody knows. What stands there
    is back; what does not is not written a second time."""
    scene = make(author(10), author(11), author(12))
    begun = {"begun": "x/1", "lines": [1, 2], "database": "another", "who": "olga", "at": ""}
    append(scene.folder.record, begun)
    scene.sql("INSERT INTO author VALUES (10, 'author 10')")
    tally = scene.put()
    assert tally.back == {"author": 2}
    assert [one.value for _, one in tally.stayed] == ["in-doubt"]
    with scene.live.database.single_rows() as rows:
        rows.make_ready()  # as another crash leaves it
    for _ in range(2):
        assert [one.value for _, one in scene.put(database_id="another").stayed] == ["in-doubt"]
    assert [n for (n,) in scene.rows("SELECT id FROM author WHERE id > 9 ORDER BY id")] == [10, 12]


def test_a_record_that_was_cut_off_is_read_up_to_there(make: Make) -> None:
    """A power cut in the middle of a line: it was not written."""
    scene = make(author(10), author(11))
    scene.put("author:10")
    with scene.folder.record.open("a") as record:
        record.write('{"begun": "x/')
    assert scene.put().back == {"author": 1}
    texts = scene.folder.record.read_text().splitlines()
    assert [next(iter(json.loads(one))) for one in texts] == ["begun", "done"] * 2


def test_a_record_that_is_damaged_stops_everything(make: Make) -> None:
    """Without it nobody knows what would be put back twice."""
    scene = make(author(10))
    scene.folder.record.write_text('{"done": 1}\n')
    with pytest.raises(ParomError, match="record-damaged"):
        scene.put()


def test_tables_that_change_meanwhile_stop_it(make: Make) -> None:
    """What was decided by the older table is not done to another one."""
    scene = make(author(10))
    wanted = Wanted(1, Aim("author", {"id": 10}, {"id": 10, "name": "x"}, {}), Was(None))
    with scene.live.database.single_rows() as rows:
        rows.make_ready()
        scene.sql("ALTER TABLE author ADD COLUMN born INTEGER")
        with pytest.raises(ParomError, match="schema-changed"):
            rows.put("batch", [wanted], lambda _results: "")
    assert scene.rows("SELECT count(*) FROM author") == [(3,)]
