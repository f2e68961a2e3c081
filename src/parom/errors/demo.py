"""What can be wrong with the demonstration."""

from __future__ import annotations

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


def not_as_promised(what: str) -> ParomError:
    return ParomError(
        "demo.not-as-promised",
        said("The demonstration did not show what it should: {what}.", what=what),
        said("summary.json has the numbers; `parom report` in its folder has the runs."),
        exit_code=ExitCode.ROLLED_BACK,
    )
