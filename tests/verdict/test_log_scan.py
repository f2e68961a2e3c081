"""Finding errors in a log, whatever pieces it comes in."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.log_scan import LONGEST_BYTES, LogScan
from parom.verdict.samples import LogEntry
from parom.verdict.signature import Signature
from parom.verdict.tracebacks import UNREADABLE, Reading

READING = Reading(("/srv/r1",))
ONE = Signature("ValueError", "apps/a.py", "get", "bad 0")
PLAIN = """\
2026-11-26 10:00:00 ERROR django.request pid=71 Internal Server Error: /a/
Traceback (most recent call last):
  File "/venv/site-packages/django/core/handlers/base.py", line 5, in inner
    response = get_response(request)
               ^^^^^^^^^^^^^^^^^^^^^
  File "/srv/r1/apps/a.py", line 12, in get
    raise ValueError(f"bad {n}")
ValueError: bad 17
"""
GUNICORN = PLAIN.replace(
    PLAIN.split("\n", 1)[0], "[2026-11-26 10:00:00 +0000] [72] [ERROR] Error handling request"
)
CELERY = PLAIN.replace(
    PLAIN.split("\n", 1)[0], "[2026-11-26 10:00:00,1: ERROR/ForkPoolWorker-3] Task failed"
)
CHAINED = """\
2026-11-26 10:00:00 ERROR django.request pid=71 Internal Server Error: /a/
Traceback (most recent call last):
  File "/srv/r1/apps/b.py", line 1, in find
    return known[name]
KeyError: 'x'

During handling of the above exception, another exception occurred:

""" + PLAIN.split("\n", 1)[1]
SYSLOG = "".join(
    f"Nov 26 10:00:00 host app[73]: {line}\n" for line in PLAIN.strip().split("\n")[1:]
)
RECORD = {"level": "error", "pid": 74, "exc": PLAIN.split("\n", 1)[1], "zone": "UTC"}
AS_JSON = json.dumps(RECORD) + "\n"
CRITICAL = "[2026-11-26 10:00:00 +0000] [75] [CRITICAL] WORKER TIMEOUT (pid:75)\n"
TIMEOUT = Signature("CRITICAL", "", "", "WORKER TIMEOUT (pid:0)")
QUIET = "2026-11-26 10:00:00 INFO django.server pid=71 GET /a/ 200\n"
RECORDS = [PLAIN, GUNICORN, CELERY, CHAINED, SYSLOG, AS_JSON, CRITICAL, QUIET]


def scanned(pieces: Iterable[str]) -> list[LogEntry]:
    """All that is found, with the look at which nothing more came."""
    scan, found = LogScan(), list[LogEntry]()
    for piece in [*pieces, ""]:
        if piece or scan.pending:
            scan, entries = scan.after(piece.encode(), READING)
            found += entries
    assert scan == LogScan()
    return found


@pytest.mark.parametrize(
    ("record", "signature", "worker"),
    [
        (PLAIN, ONE, "71"),
        (GUNICORN, ONE, "72"),
        (CELERY, ONE, "ForkPoolWorker-3"),
        (CHAINED, ONE, "71"),
        (SYSLOG, ONE, "73"),
        (AS_JSON, ONE, "74"),
        (CRITICAL, TIMEOUT, "75"),
    ],
    ids=["django", "gunicorn", "celery", "chained", "syslog", "json", "critical"],
)
def test_an_error_is_found_as_each_writes_it(
    record: str, signature: Signature, worker: str
) -> None:
    """Once, with who wrote it, among other lines and alone."""
    expected = [LogEntry(signature, worker)]
    assert scanned([record]) == expected
    assert scanned([QUIET + record + QUIET]) == expected


@given(st.lists(st.sampled_from(RECORDS), max_size=12), st.sets(st.integers(0, 150)))
def test_pieces_make_no_difference(records: list[str], cuts: set[int]) -> None:
    """A follower reads up to the last whole line, wherever that is."""
    lines = "".join(records).splitlines(keepends=True)
    pieces: list[str] = [""]
    for number, line in enumerate(lines):
        if number in cuts:
            pieces.append("")
        pieces[-1] += line
    found = scanned(one for one in pieces if one)
    assert sorted(map(str, found)) == sorted(map(str, scanned(["".join(records)])))
    assert len(found) == len([one for one in records if one is not QUIET])


def test_a_scan_can_be_gone_on_from() -> None:
    """What is not whole is a value that may be kept over a restart."""
    middle = PLAIN.index("  File")
    scan, found = LogScan().after(PLAIN[:middle].encode(), READING)
    assert found == ()
    _, found = LogScan(scan.pending).after((PLAIN[middle:] + QUIET).encode(), READING)
    assert found == (LogEntry(ONE, "71"),)


def test_a_traceback_that_was_cut_off_is_seen() -> None:
    """Its process was killed while it wrote; the next one's line is no exception."""
    cut = PLAIN[: PLAIN.index("ValueError: bad")]
    assert scanned([cut + QUIET]) == [LogEntry(UNREADABLE, "71")]


def test_what_never_ends_does_not_fill_the_memory() -> None:
    """Recursion writes long tracebacks, and a broken one may have no end."""
    endless = PLAIN[: PLAIN.index("ValueError: bad")] + "    x\n" * LONGEST_BYTES
    assert LogEntry(UNREADABLE, "") in scanned([endless])


@pytest.mark.parametrize(
    "line",
    [
        "2026 INFO asked: is this CRITICALLY wrong\n",
        "2026 INFO " + "x" * 200 + " CRITICAL after much text\n",
        "    logger.log(CRITICAL, 'in code')\n",
        "2026 INFO NONCRITICAL\n",
    ],
)
def test_the_word_alone_is_no_critical_error(line: str) -> None:
    """It must stand where loggers put a level."""
    assert scanned([line]) == []


def test_a_critical_line_with_a_traceback_is_one_error() -> None:
    """The traceback says more."""
    assert scanned([PLAIN.replace("ERROR", "CRITICAL")]) == [LogEntry(ONE, "71")]


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_can_be_read(pieces: list[bytes]) -> None:
    """A log may hold anything; what is found may be anything; nothing is raised."""
    scan = LogScan()
    for piece in pieces:
        scan, _ = scan.after(piece + b"\n", READING)
    scan, _ = scan.after(b"", READING)
