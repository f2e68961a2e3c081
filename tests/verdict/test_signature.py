"""When two errors are the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.signature import Signature, masked
from parom.verdict.tracebacks import UNREADABLE, Reading, signature_of


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            "invalid literal for int() with base 10: 'x'",
            "invalid literal for int() with base 0: ''",
        ),
        ('column "grade" does not exist', "column '' does not exist"),
        ("timed out after 3.5 s", "timed out after 0 s"),
        ("<Vacancy object at 0x7f3c2a>", "<Vacancy object at 0>"),
        ("no user 5f0c6b1e-0a52-4a43-8f0e-1f8b7a6f2b11", "no user 0"),
        ("commit 660707a9737a638b01395cd33421a64e2cdc9a6d", "commit 0"),
        ("mail to anna.ivanova@example.org bounced", "mail to @ bounced"),
        ("cannot reach postgresql://app:secret@db/app", "cannot reach postgresql://***@db/app"),
        ("due 2026-11-26 10:00", "due 0 0"),
        ("нет вакансии «Инженер»", "нет вакансии ''"),
        ("  \n", ""),
    ],
)
def test_what_differs_from_time_to_time_is_masked(message: str, kept: str) -> None:
    """The rest is what makes an error this one."""
    assert masked(message) == kept


WORDS = st.text(st.sampled_from("abc xyz"), max_size=12)


@given(WORDS, st.integers(0, 10**9), st.integers(0, 10**9), WORDS)
def test_numbers_make_no_difference(before: str, one: int, other: int, after: str) -> None:
    """Else each id would be a new error."""
    assert masked(f"{before} {one} {after}") == masked(f"{before} {other} {after}")


@given(WORDS, WORDS, WORDS, st.sampled_from("'\"`"))
def test_quoted_parts_make_no_difference(one: str, other: str, after: str, mark: str) -> None:
    """They are names of people and of things, and may be personal."""
    assert masked(f"no {mark}{one}{mark} {after}") == masked(f"no {mark}{other}{mark} {after}")


def test_a_document_in_a_message_is_not_searched_whole() -> None:
    """Looking for addresses in a megabyte of letters would take for ever."""
    assert len(masked("a" * 1_000_000)) == 200


def test_a_quoted_part_that_was_cut_off_is_masked_too() -> None:
    """The end of the quotation lies beyond what is read."""
    assert masked("no 'Anna " + "very " * 1000 + "long'") == "no ''"


@given(st.text(max_size=2000))
def test_a_mask_is_never_long(message: str) -> None:
    """Signatures are kept."""
    assert len(masked(message)) <= 200


FRAMES = """
  File "/srv/shop/releases/20261126T1/.venv/lib/python3.11/site-packages/django/core/base.py", line 9, in inner
  File "/srv/shop/releases/20261126T1/apps/finance/views.py", line 12, in create
  File "/usr/lib/python3.11/json/__init__.py", line 3, in loads
  File "<frozen importlib._bootstrap>", line 1, in _load
"""  # noqa: E501


def test_the_place_is_the_last_frame_of_the_application_itself() -> None:
    """A library's line says where it noticed, not who asked for it."""
    assert signature_of(FRAMES, "KeyError: 'a'", Reading()) == Signature(
        "KeyError", "apps/finance/views.py", "create", "''"
    )


def test_the_same_error_in_two_releases_is_the_same() -> None:
    """Each release lies in a folder of its own, and lines move."""
    other = FRAMES.replace("20261126T1", "20261127T2").replace("line 12", "line 30")
    roots = ("/srv/shop/releases/20261126T1", "/srv/shop/releases/20261127T2/")
    for reading in (Reading(), Reading(roots)):
        assert signature_of(FRAMES, "KeyError: 'a'", reading) == signature_of(
            other, "KeyError: 'b'", reading
        )


def test_a_folder_that_is_no_release_is_stripped_by_name() -> None:
    """In place the installation is the root."""
    frames = '  File "/home/app/shop/logic/money.py", line 3, in add\n'
    found = signature_of(frames, "decimal.Overflow", Reading(("/home/app/shop",)))
    assert found == Signature("decimal.Overflow", "logic/money.py", "add", "")


def test_where_only_libraries_are_the_last_frame_counts() -> None:
    """Better than no place."""
    frames = '  File "/x/site-packages/gunicorn/arbiter.py", line 3, in run\n'
    assert signature_of(frames, "OSError", Reading()).place == "gunicorn/arbiter.py"


def test_secrets_are_not_kept() -> None:
    """R-10.3: whatever an application logs."""
    reading = Reading(secrets=("hunter-two",))
    found = signature_of("", "AuthError: password hunter-two is wrong", reading)
    assert found.message == "password *** is wrong"
    assert "hunter" not in repr(reading)


@pytest.mark.parametrize("line", ["", "not an exception", "2026-11-26 INFO fine", "))"])
def test_what_is_no_exception_is_not_taken_for_one(line: str) -> None:
    """It is seen, and not known what."""
    assert signature_of(FRAMES, line, Reading()) == UNREADABLE
