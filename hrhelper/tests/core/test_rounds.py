"""The worker's rounds where there is no broker."""

import logging

from apps.core.rounds import Rounds
from logic.base.errors import MissingRateError


def test_part_that_fails_holds_up_no_other(caplog):
    """Without a rate nothing can be derived, and candidates are synced all the same."""
    now, tried = [0.0], []

    def broken():
        tried.append(now[0])
        raise MissingRateError("There is no rate for USD.")

    rounds = Rounds({"finance": broken, "huntflow": lambda: 3}, lambda: now[0])
    with caplog.at_level(logging.ERROR):
        done = []
        for second in range(20):
            now[0] = float(second)
            done.append(rounds.work())
    assert done == [3] * 20
    assert tried == [0.0, 2.0, 6.0, 14.0]
    assert caplog.text.count("finance cannot go on: There is no rate for USD.") == 4


def test_part_that_works_again_does_so_at_once_from_then_on():
    """A failure of yesterday makes nothing slower today."""
    now, answers = [0.0], iter([RuntimeError, 1, 2, RuntimeError, 3])

    def sometimes():
        answer = next(answers)
        if answer is RuntimeError:
            raise RuntimeError
        return answer

    rounds = Rounds({"one": sometimes}, lambda: now[0])
    done = []
    for second in (0, 1, 2, 3, 4, 5, 6):
        now[0] = float(second)
        done.append(rounds.work())
    assert done == [0, 0, 1, 2, 0, 0, 3]
