"""What can go wrong between the public and the services."""

from __future__ import annotations

from parom.errors.problem import ExitCode, ParomError


def no_answer(wanted: str, why: str) -> ParomError:
    return ParomError(
        "gateway.no-answer",
        f'The gateway did not become "{wanted}": {why}.',
        "Try again; the doorman's log is in Parom's logs folder.",
        can_retry=True,
    )


def flag_not_read(file: str, url: str, status: int) -> ParomError:
    return ParomError(
        "gateway.flag-not-read",
        f"The flag file {file} is there, but {url} still answers {status}.",
        "Add parom-site's middleware to the application, or let the proxy in front look at the "
        "file and set gateway.stand_in = false. `parom services stop` shows the page now; "
        "`parom maintenance off` takes the flag away.",
        exit_code=ExitCode.NEEDS_PERSON,
    )
