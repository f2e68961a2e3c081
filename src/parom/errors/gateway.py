"""What can go wrong between the public and the services."""

from __future__ import annotations

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def no_answer(wanted: str, why: str) -> ParomError:
    return ParomError(
        "gateway.no-answer",
        said('The gateway did not become "{wanted}": {why}.', wanted=wanted, why=why),
        said("Try again; the doorman's log is in Parom's logs folder."),
        can_retry=True,
    )


def flag_not_read(file: str, url: str, status: int) -> ParomError:
    return ParomError(
        "gateway.flag-not-read",
        said(
            "The flag file {file} is there, but {url} still answers {status}.",
            file=file,
            url=url,
            status=status,
        ),
        said(
            "Add parom-site's middleware to the application, or let the proxy in front "
            "look at the file and set gateway.stand_in = false. `parom services stop` "
            "shows the page now; `parom maintenance off` takes the flag away."
        ),
        exit_code=ExitCode.NEEDS_PERSON,
    )
