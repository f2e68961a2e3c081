"""What is left to read after a run, R-11 and R-12."""

from __future__ import annotations

import contextlib
import json
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parom.engine.identity import person
from tests.journeys.conftest import Start
from tests.journeys.seen import begun
from tests.journeys.test_notices import journal
from tests.journeys.test_return import _LONG
from tests.support.ferry import Ferry, write_project
from tests.support.waiting import wait_until
from tests.words.foreign import left_in_english

_BREAKS = "import os\n    if os.path.exists({file!r}): raise RuntimeError('broken <b>later</b>')"


@contextlib.contextmanager
def once_it_watches(ferry: Ferry, act: Callable[[], object]) -> Iterator[None]:
    """What happens inside goes on while it is waited for; then `act`."""
    over, earlier = threading.Event(), begun(ferry, "watch.run")

    def wait() -> None:
        wait_until(lambda: over.is_set() or begun(ferry, "watch.run") > earlier, "it watches")
        act()

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        yield
    finally:
        over.set()
        waiting.join()


def last_run(ferry: Ferry) -> str:
    return str(json.loads(ferry.parom("history", "--json").stdout)["runs"][0]["run"])


def left(ferry: Ferry, run_id: str) -> tuple[dict[str, Any], str, str]:
    """What the engine left in the run's folder: record, HTML, Markdown."""
    folder = ferry.root / ".parom" / "runs" / run_id
    names = ("report.json", "report.html", "report.md")
    record, page, text = (Path(folder / name).read_text("utf-8") for name in names)
    return json.loads(record), page, text


def marks(report: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: item["mark"] for one in report["checklists"] for item in one["items"]}


def test_a_deployment_leaves_its_report_and_a_person_completes_it(start: Start) -> None:
    """Evidence ticks what it can; a word counts where there is none, with its name."""
    ferry = start()
    write_project(ferry.source, 2)
    assert ferry.parom("deploy", "--reason", "lengths").returncode == 0
    run_id = last_run(ferry)
    report, page, text = left(ferry, run_id)
    assert report["end"]["exit_code"] == 0
    assert report["asked"]["reason"] == "lengths"
    assert report["rehearsed"]["checks"]
    assert report["stop_s"] > 0
    assert report["migrations"] == ["notes.0002_length"]
    found = marks(report)
    assert found["backup-made"] == found["migrations-run"] == found["maintenance-off"] == "done"
    assert found["team-told-before"] == "asks for a name"
    assert f"Deployed: {report['release']} runs." in page
    assert "notes.0002" in text
    assert report["release"] in (ferry.root / ".parom" / "release-notes.md").read_text("utf-8")

    refused = ferry.parom("checklist", "vouch", "backup-made")
    assert (refused.returncode, "checklist.needs-evidence" in refused.stderr) == (2, True)
    assert "checklist.unknown-item" in ferry.parom("checklist", "vouch", "nonsense").stderr
    vouched = ferry.parom("checklist", "vouch", "team-told-before", "--note", "in the stand-up")
    assert vouched.returncode == 0, vouched.stderr
    assert f"{person()}, " in vouched.stdout
    report, page, _ = left(ferry, run_id)
    assert marks(report)["team-told-before"] == "vouched for"
    assert "in the stand-up" in page
    assert ferry.parom("journal", "verify").returncode == 0

    russian = ferry.parom("report", "--html", "-", "--language", "ru").stdout
    assert "Отчёт о развертывании" in russian
    text = ferry.parom("report", "--markdown", "-", "--language", "ru").stdout
    assert left_in_english(text) == []
    file = ferry.top / "report.md"
    written = json.loads(ferry.parom("report", "--markdown", str(file), "--json").stdout)
    assert written == {"run": run_id, "written": {"markdown": str(file)}}
    assert "report.cannot-write" in ferry.parom("report", "--html", "/nowhere/x.html").stderr


def looked_at(ferry: Ferry, run_id: str, days_ago: int) -> None:
    """As if the run had ended so long ago, with one look of its watch."""
    ended = datetime.now(UTC) - timedelta(days=days_ago)
    opened = sqlite3.connect(ferry.root / ".parom" / "journal.sqlite3", timeout=60)
    with contextlib.closing(opened), opened:
        opened.execute("UPDATE journal_run SET finished = ? WHERE id = ?", (str(ended), run_id))
        opened.execute(
            "INSERT INTO journal_sample (run_id, phase, kind, at, name, seconds, error, data)"
            " VALUES (?, 'watch', 'probe', ?, '/long-ago/', 0.01, '', '')",
            (run_id, ended.timestamp()),
        )


def looks_of(ferry: Ferry, run_id: str) -> int:
    ((count,),) = journal(ferry, f"SELECT count(*) FROM journal_sample WHERE run_id = '{run_id}'")
    return int(count)


@pytest.mark.long
def test_a_journal_without_its_end_is_found_by_the_report_of_it(start: Start) -> None:
    """R-10.2. Whoever can write the journal can cut off what they did, and move its head; what the
    report says, and what was told to others, they cannot."""
    ferry = start()
    first = last_run(ferry)
    looked_at(ferry, first, 8)
    write_project(ferry.source, 1, health="pass  # another revision")
    assert ferry.parom("deploy").returncode == 0
    wait_until(lambda: not looks_of(ferry, first), "old looks are let go of")
    assert looks_of(ferry, last_run(ferry))
    assert "/long-ago/" in ferry.parom("report", first, "--markdown", "-").stdout
    report, page, text = left(ferry, last_run(ferry))
    short = report["anchor"][: report["anchor"].index(":") + 17]
    assert short in page
    assert short in text
    assert ferry.parom("journal", "verify", "--anchor", short).returncode == 0
    assert "journal.no-anchor" in ferry.parom("journal", "verify", "--anchor", "7:abc").stderr
    wrong = ferry.parom("journal", "verify", "--anchor", f"1:{'0' * 16}")
    assert (wrong.returncode, "journal.altered" in wrong.stderr) == (10, True)
    opened = sqlite3.connect(ferry.root / ".parom" / "journal.sqlite3")
    with contextlib.closing(opened), opened:
        opened.execute("DELETE FROM journal_event WHERE number > 3")
        opened.execute(
            "UPDATE journal_head SET (number, digest) ="
            " (SELECT number, digest FROM journal_event WHERE number = 3)"
        )
    found = ferry.parom("journal", "verify")
    assert found.returncode == 10
    assert "the chain ends at 3, but" in found.stderr
    assert "report.json" in found.stderr


def test_a_return_leaves_a_report_of_what_was_kept_and_what_was_not(start: Start) -> None:
    """Whoever reads it in the morning knows why, how long, and that the old release is proven."""
    ferry = start(watch=_LONG)
    sign = ferry.top / "breaks"
    write_project(ferry.source, 2, notes=_BREAKS.format(file=str(sign)))
    with once_it_watches(ferry, sign.touch):
        assert ferry.parom("deploy").returncode == 20
    report, page, _ = left(ferry, last_run(ferry))
    assert report["end"]["why"]["id"] == "watch.alarm"
    back = report["returned"]
    assert back["swapped"]
    assert back["verified"]
    assert back["seconds"] > 0
    assert back["quarantined"] == {}
    assert report["release_notes"] is None
    assert marks(report)["code-updated"] == "taken back"
    assert "Failed and rolled back" in page
    assert not re.search(r"<(script|img|link|iframe)\b", page)
    figures = json.loads(ferry.parom("history", "--json").stdout)["delivery"]
    assert (figures["deployments"], figures["failed"]) == (2, 1)
    assert figures["time_to_restore_s"] > 0
    assert figures["exposed_s"] > figures["time_to_restore_s"]


@pytest.mark.long
def test_a_run_ends_well_where_its_report_cannot_be_written(start: Start) -> None:
    """Paper is never a reason to fail: what went wrong is in the journal."""
    ferry = start()
    (ferry.root / ".parom" / "release-notes.md").unlink()
    (ferry.root / ".parom" / "release-notes.md").mkdir()
    write_project(ferry.source, 1, health="pass  # another revision")
    assert ferry.parom("deploy").returncode == 0
    told = ferry.parom("report", "--json").stdout
    assert "report-failed" in told
    assert ferry.parom("journal", "verify").returncode == 0
