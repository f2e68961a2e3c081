"""A verdict as it is written down."""

from __future__ import annotations

from parom.steps.told_verdict import as_record
from parom.verdict.criteria import Rollback, Success
from parom.verdict.evidence import Evidence, Judged, judged
from parom.verdict.outcome import Outcome
from parom.verdict.verdict import Verdict


def record_of(one: Judged) -> list[str]:
    """The facts that are kept of a criterion."""
    verdict = Verdict(0.0, "full", (one,), (), ())
    (kept,) = as_record(verdict)["rollback"]
    return [str(evidence["fact"]) for evidence in kept["evidence"]]


def test_the_reason_is_kept_however_much_passed() -> None:
    """Fifty functional checks that passed must not push out the one that did not."""
    passed = [Evidence(str(n), Outcome.PASS, f"{n}: passed") for n in range(50)]
    failed = Evidence("last", Outcome.FAIL, "last: failed")
    missing = Evidence("then", Outcome.INCONCLUSIVE, "then: not seen")
    found = record_of(judged(Rollback.FUNCTIONS, passed, [missing, failed]))
    assert found[0] == "last: failed"
    assert len(found) == 20
    unproven = record_of(judged(Rollback.FUNCTIONS, passed, [missing]))
    assert unproven[0] == "then: not seen"
    assert record_of(judged(Success.FUNCTIONS, passed))[0] == "0: passed"
