"""The record: what happened, each figure from the events that hold it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.plan.plan import STEPS_OF, Kind
from parom.report.day_after import Day, DayState
from parom.report.deriving import report_of
from parom.report.record import SCHEMA, DeploymentReport, Item, Mark
from parom.report.writing import as_json
from parom.verdict.signature import Signature
from tests.report.runs import (
    CROSSED,
    DIGEST,
    ORDERED,
    PASSED,
    PREPARED,
    Row,
    after,
    deployed,
    plan_of,
    rolled_back,
    sources_of,
    told,
)


def items(report: DeploymentReport) -> dict[str, Item]:
    return {item.id: item for one in report.checklists for item in one.items}


def test_what_was_asked_by_whom_and_who_approved() -> None:
    """An override or a reserve without its reason would be no audit."""
    report = report_of(deployed(plan=plan_of(reason="a fix", override=True)))
    asked = report.asked
    assert (asked.who, asked.what, asked.reason, asked.override) == ("olga", "main", "a fix", True)
    assert (asked.hours, asked.waited_s) == ("reserve", 2.0)
    assert [(one.who, one.roles) for one in asked.approvals] == [("ivan", ("lead",))]


def test_predicted_stands_beside_actual() -> None:
    """What the rehearsal said is worth only what came of it."""
    report = report_of(deployed())
    found = {one.what: (one.predicted_s, one.actual_s) for one in report.compared}
    assert found == {
        "stop": (2.0, 4.0),
        "migration": (1.0, 1.8),
        "start": (0.5, 0.8),
        "return": (0.002, None),
    }
    assert report.stop_s == 4.0
    spent = {one.phase: one.spent_s for one in report.phases}
    assert spent == {"prepare": 27.0, "cutover": 5.0, "watch": 30.0, "all": 63.0}


def test_the_return_is_told_with_what_it_could_not_keep() -> None:
    """R-7.4, R-10.4."""
    report = report_of(rolled_back())
    back = report.returned
    assert back is not None
    assert (back.seconds, back.swapped) == (4.0, True)
    assert (back.carried, back.reasons) == ({"notes": 4}, {"refused": 3})
    assert back.quarantined == {"notes": 2, "tags": 1}
    assert back.quarantine == "/q/rows.jsonl"
    assert back.verified == ("health /: HTTP 200",)
    assert report.stop_s == 8.0
    assert report.end.why is not None
    assert (report.end.why.step, report.end.why.id) == ("watch.run", "watch.alarm")
    assert report.rehearsed is not None
    assert report.rehearsed.at.startswith("2026-01-01T12:00:14")
    assert report.release_notes is None


def test_every_item_of_a_good_deployment_rests_on_something() -> None:
    """R-11: ticked by evidence. What has none asks for a name."""
    found = items(report_of(deployed()))
    assert len(found) == 15
    asks = {name for name, one in found.items() if one.mark is Mark.ASKS}
    assert asks == {"team-told-before", "team-told-after"}
    for name, one in found.items():
        if name not in asks:
            assert one.mark is Mark.DONE, name
            assert one.rests_on, name
            assert one.at, name


def test_what_was_taken_back_is_not_shown_as_done() -> None:
    """A release that was switched to and back is not the code that runs."""
    found = items(report_of(rolled_back()))
    for name in ("code-updated", "migrations-run", "services-started", "maintenance-off"):
        assert found[name].mark is Mark.UNDONE, name
    assert found["backup-made"].mark is Mark.DONE
    assert found["performance-checked"].mark is Mark.NOT_REACHED  # it ended for another reason


def test_what_was_not_measured_is_no_evidence() -> None:
    """R-13.4. A watch that saw too little, a backup that was not compared."""
    rows = [row for row in PREPARED + CROSSED + PASSED if row[2] not in ("watch.run",)]
    unproven: Row = (65, "ok", "watch.run", {"verdict": "inconclusive", "missing": ["/x: no"]})
    rows = [*rows[:-1], unproven, rows[-1]]
    rows = [
        (*row[:3], {**row[3], "verified": False}) if "backup" in row[3] else row for row in rows
    ]
    found = items(report_of(sources_of(tuple(rows), 30, "deployed, watch inconclusive")))
    assert found["backup-made"].mark is Mark.MISSING
    assert found["performance-checked"].mark is Mark.ASKS
    assert found["logs-checked"].mark is Mark.ASKS


@pytest.mark.parametrize("evidence", [Mark.ASKS, Mark.DONE, Mark.NOT_REACHED])
def test_a_word_counts_only_where_nothing_was_measured(evidence: Mark) -> None:
    """And it is never taken for a measurement."""
    word: Row = (70, "vouched", "", {"item": "logs-checked", "who": "ivan", "note": "by eye"})
    match evidence:
        case Mark.ASKS:
            watched = (65.0, "ok", "watch.run", {"verdict": "pass"})
            rows: tuple[Row, ...] = (*PREPARED, *CROSSED, watched, word)
        case Mark.DONE:
            rows = (*PREPARED, *CROSSED, *PASSED, word)
        case _:
            rows = (*PREPARED, word)
    item = items(report_of(sources_of(rows, 0, "deployed", after=after())))["logs-checked"]
    if evidence is Mark.ASKS:
        assert (item.mark, item.who, item.note) == (Mark.VOUCHED, "ivan", "by eye")
    else:
        assert item.mark is evidence
        assert item.who == ""


def test_delivered_notices_are_the_evidence_that_the_team_was_told() -> None:
    """Those that were only meant to be sent tell nobody."""
    sent: Row = (27, "notice-delivered", "", {"topic": "before", "place": "slack"})
    failed: Row = (67, "notice-failed", "", {"topic": "success", "place": "slack"})
    rows = (*PREPARED, sent, *CROSSED, *PASSED, failed)
    report = report_of(sources_of(rows, 0, "deployed"))
    found = items(report)
    assert "unsent" in {one.kind for one in report.improvements}
    assert found["team-told-before"].mark is Mark.DONE
    assert found["team-told-before"].facts["places"] == "slack"
    assert found["team-told-after"].mark is Mark.ASKS


def test_improvements_have_their_numbers() -> None:
    """R-12: derived from what was measured, and from nothing else."""
    report = report_of(deployed(attempts=2, usual={"release.fetch": 0.1}))
    found = {one.kind: (one.about, one.number, one.against) for one in report.improvements}
    assert found["slowest-cutover"] == ("database.migrate", 2.0, 4.5)
    assert found["slowest-preparation"] == ("backup.online", 6.0, 13.0)
    assert found["prediction"] == ("migration", 1.8, 1.0)
    assert found["near-memory-limit"] == ("", 500_000_000, 512_000_000)
    assert found["slower-endpoint"] == ("/x", 0.02, 0.01)
    assert found["failed-probes-after"] == ("/x", 1, 100)
    assert found["flaky-check"] == ("test_it", 1, 2)
    assert found["attempts"] == ("", 2, None)
    assert found["warnings"] == ("", 1, None)
    assert report_of(sources_of(PREPARED[:2], None)).improvements == ()


def test_release_notes_are_of_what_runs() -> None:
    """R-12."""
    notes = report_of(deployed(plan=plan_of(reason="a fix"))).release_notes
    assert notes is not None
    assert (notes.release, notes.replaced, notes.migrations) == ("r2", "r1", ("notes.0002",))
    assert report_of(sources_of(PREPARED, 10, "refused")).release_notes is None


def test_logs_are_counted_by_what_is_the_same_error() -> None:
    """Before and after, so that an old one is not taken for a new one."""
    known = Signature("KeyError", "a.py", "f", "x")
    report = report_of(deployed(before=after(known), after=after(known)))
    assert report.measured.logs is not None
    (one,) = report.measured.logs.signatures
    assert (one.before, one.after) == (1, 1)


def test_a_rollback_by_hand_rests_on_the_rehearsal_of_what_it_takes_back() -> None:
    """R-10.4."""
    rows: tuple[Row, ...] = (
        (0, "started", "", {}),
        (1, "ok", "gateway.hold", {"state": "held"}),
        (1.5, "ok", "capture.collect", {"quarantined": 0, "tables": {}}),
        (2, "ok", "database.return", {"swapped": True}),
        (2.5, "ok", "checks.private", {"passed": ["health /: HTTP 200"]}),
        (3, "ok", "gateway.open", {}),
        (4, "finished", "", {"outcome": "rolled back", "exit_code": 0}),
    )
    plan = plan_of(Kind.ROLLBACK, of_run="run-0", reason="slow")
    report = report_of(sources_of(rows, 0, "rolled back", plan=plan, taken_back=told(*PREPARED)))
    assert report.rehearsed is not None
    assert report.rehearsed.run_id == "run-0"
    assert report.returned is not None
    assert (report.returned.by, report.returned.reason) == ("olga", "slow")
    assert (report.returned.seconds, report.returned.swapped) == (3.0, True)
    assert items(report)["database-back"].mark is Mark.DONE


_ROWS = (*PREPARED, *CROSSED, *PASSED, ORDERED, (86_467, "day-over", "", DIGEST))


@given(
    kind=st.sampled_from(list(Kind)),
    cut=st.integers(0, len(_ROWS)),
    code=st.sampled_from([None, 0, 10, 20, 21, 30, 70]),
    dropped=st.sets(st.integers(0, len(_ROWS) - 1), max_size=12),
)
def test_a_journal_that_ends_anywhere_has_a_report(
    kind: Kind, cut: int, code: int | None, dropped: set[int]
) -> None:
    """A crash ends it anywhere; who reads the report then needs it most."""
    rows = tuple(row for n, row in enumerate(_ROWS[:cut]) if n not in dropped)
    plan = plan_of(kind, steps=STEPS_OF[kind])
    report = report_of(sources_of(rows, code, "x", plan=plan))
    assert json.loads(as_json(report))["schema"] == SCHEMA
    done = {row[2] for row in rows if row[1] == "ok"}
    for item in items(report).values():
        if item.mark is Mark.DONE:
            assert item.rests_on in done


def day_of(*rows: Row) -> Day | None:
    return report_of(sources_of((*PREPARED, *CROSSED, *PASSED, *rows), 0, "deployed")).day


def test_the_day_after_is_told_as_far_as_it_went() -> None:
    """R-5.6. While it goes on there are no figures yet, and they are not made up."""
    assert day_of() is None
    going = day_of(ORDERED)
    assert going is not None
    assert (going.state, going.until, going.digest) == (
        DayState.UNDER_WAY,
        DIGEST["until"],
        None,
    )
    over = day_of(ORDERED, (86_467, "day-over", "", DIGEST))
    assert over is not None
    assert (over.state, over.is_quiet) == (DayState.OVER, True)
    assert over.digest is not None
    assert over.digest.endpoints[0].median_before_s == 0.01
    ended = day_of(ORDERED, (9000, "day-ended", "", {**DIGEST, "why": "main came after it"}))
    assert ended is not None
    assert (ended.state, ended.why_ended) == (DayState.ENDED, "main came after it")


@pytest.mark.parametrize(
    "remark",
    [
        {"missing": ["memory and CPU"]},
        {"new_signatures": 1},
        {"new_signatures": None},
        {"restarts": [["web", 1]]},
        {"endpoints": []},
        {"endpoints": [{**DIGEST["endpoints"][0], "median_s": None}]},
    ],
)
def test_a_day_with_a_remark_is_not_called_quiet(remark: dict[str, Any]) -> None:
    """R-13.4."""
    over = day_of(ORDERED, (86_467, "day-over", "", {**DIGEST, **remark}))
    assert over is not None
    assert not over.is_quiet


def test_a_day_with_an_alarm_is_not_called_quiet() -> None:
    alarm: Row = (500, "day-alarm", "", {"criterion": "endpoints unreachable", "fact": "/x: 5"})
    over = day_of(ORDERED, alarm, (86_467, "day-over", "", DIGEST))
    assert over is not None
    assert [one.fact for one in over.alarms] == ["/x: 5"]
    assert not over.is_quiet


@given(st.data())
def test_the_record_is_plain_data(data: Any) -> None:
    """Its JSON twin says the same."""
    source = data.draw(st.sampled_from([deployed(), rolled_back()]))
    report = report_of(source)
    assert json.loads(as_json(report))["run_id"] == report.run_id == "run-1"
