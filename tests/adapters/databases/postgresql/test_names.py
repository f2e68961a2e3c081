"""Names that PostgreSQL does not cut, and marks that say nothing of other databases."""

from __future__ import annotations

import pytest

from parom.adapters.databases.postgresql.names import Mark, name_of, parted, partial_of, prefix_of
from parom.adapters.databases.postgresql.settings import listed

RUN_ID = "20261125T030244-1ea7fb-again-12"
"""As long as an id becomes."""


@pytest.mark.parametrize("app", ["app", "a" * 20, "a" * 21, "a" * 63, "я" * 31])
def test_a_name_is_never_cut(app: str) -> None:
    """Two that differ behind the 63rd byte would be one database."""
    assert len(partial_of(app, RUN_ID).encode()) <= 63


def test_long_names_of_two_applications_do_not_meet() -> None:
    """One's retention would drop the other's snapshots."""
    assert prefix_of("a" * 30 + "1") != prefix_of("a" * 30 + "2")
    assert name_of("hrhelper", "run") == "hrhelper_parom_run"


def test_an_id_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        name_of("app", "x" * 60)


@pytest.mark.parametrize("comment", ["", "one line", "two\nlines\n", "[parom {}]"])
def test_a_mark_leaves_the_comment_as_it_was(comment: str) -> None:
    """Somebody wrote it for somebody."""
    mark = Mark("app", "run", 7, before="original-3", archive="ab")
    assert parted(mark.written_after(comment), "app", 7) == (comment, mark)


@pytest.mark.parametrize(("app", "oid"), [("other", 7), ("app", 8)])
def test_a_mark_of_another_database_is_none(app: str, oid: int) -> None:
    """It came along with a dump, or by hand; retention must not believe it."""
    assert parted(Mark("app", "run", 7).written_after("kept"), app, oid) == ("kept", None)


@pytest.mark.parametrize("text", ["", "[parom {", "[parom {}]", '[parom {"id": 1}]', "[parom 3]"])
def test_what_is_no_mark_is_a_comment(text: str) -> None:
    assert parted(text, "app", 7) == (text, None)


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("", []),
        ("public", ["public"]),
        ('"$user", public', ["$user", "public"]),
        ('"odd ""one, of two", x', ['odd "one, of two', "x"]),
        ('""', [""]),
    ],
)
def test_a_list_of_names_is_read_as_the_server_keeps_it(value: str, names: list[str]) -> None:
    """Quoted as one string it would be the name of one schema."""
    assert listed(value) == names
