"""What can be wrong with the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def no_hrhelper(path: Path) -> ParomError:
    return ParomError(
        "demo.no-hrhelper",
        said("HR Helper is not at {path}.", path=path),
        said(
            "Run the demonstration in a clone of the repository, or name the folder with "
            "--hrhelper."
        ),
        exit_code=ExitCode.USAGE,
    )


def no_postgresql(oldest: int, found: Sequence[str]) -> ParomError:
    return ParomError(
        "demo.no-postgresql",
        said(
            "There is no PostgreSQL that the demonstration could run ({oldest} or newer, with "
            "postgres, initdb, pg_dump and pg_restore in one folder); found: {found}.",
            oldest=oldest,
            found=", ".join(found) or said("none"),
        ),
        said(
            "Install it (Debian and Ubuntu: apt install postgresql), or run `make "
            "demo-postgresql` in a clone of the repository, which brings one along. Nothing was "
            "changed."
        ),
    )


def server_not_started(why: str, log: Path) -> ParomError:
    return ParomError(
        "demo.server-not-started",
        said("The demonstration's PostgreSQL did not start: {why}", why=why),
        said("{log} has all that it said. Cure what is named and run it again.", log=log),
    )


def not_as_promised(what: str) -> ParomError:
    return ParomError(
        "demo.not-as-promised",
        said("The demonstration did not show what it should: {what}.", what=what),
        said("summary.json has the numbers; `parom report` in its folder has the runs."),
        exit_code=ExitCode.ROLLED_BACK,
    )
