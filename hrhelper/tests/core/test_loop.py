"""Background work rests between its rounds."""

import itertools
import logging

from apps.core.loop import run
from logic.base.errors import MissingRateError
from logic.base.pacing import rest_after


class Rounds:
    """Work that takes a second of a clock of its own and ends as planned; remembers waits."""

    def __init__(self, *plan):
        self.plan, self.waits, self.now = list(plan), [], itertools.count()

    def work(self):
        outcome = self.plan.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def wait(self, seconds):
        self.waits.append(seconds)
        return not self.plan

    def run(self):
        run("worker", 2.0, self.work, self.wait, clock=lambda: float(next(self.now)))
        return self.waits


def test_rest_is_asked_for_between_batches():
    """Without it writers starve for SQLite's lock right after a deployment."""
    assert Rounds(50, 50).run() == [rest_after(1.0), rest_after(1.0)]


def test_idle_worker_waits_its_interval():
    """Nothing to do is no reason to ask the database all the time."""
    assert Rounds(0, 0).run() == [2.0, 2.0]


def test_failures_wait_longer_until_a_round_succeeds():
    """One bad hour must not cost the next good one."""
    error = MissingRateError("There is no rate for PLN.")
    assert Rounds(error, error, error, 0, error).run() == [2.0, 4.0, 8.0, 2.0, 2.0]


def test_expected_failure_is_one_line_and_a_bug_has_its_traceback(caplog):
    """A missing rate is for the accountant, a traceback for the programmer."""
    with caplog.at_level(logging.ERROR):
        Rounds(MissingRateError("There is no rate for PLN."), ZeroDivisionError("x")).run()
    expected, bug = caplog.records
    assert "There is no rate for PLN." in expected.message
    assert expected.exc_info is None
    assert bug.exc_info[0] is ZeroDivisionError
