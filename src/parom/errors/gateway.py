"""What can go wrong between the public and the services."""

from __future__ import annotations

from parom.errors.problem import ParomError


def no_answer(wanted: str, why: str) -> ParomError:
    return ParomError(
        "gateway.no-answer",
        f'The gateway did not become "{wanted}": {why}.',
        "Try again; the doorman's log is in Parom's logs folder.",
        can_retry=True,
    )
