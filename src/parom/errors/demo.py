"""What can be wrong with the demonstration."""

from __future__ import annotations

from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def no_hrhelper(path: Path) -> ParomError:
    return ParomError(
        "demo.no-hrhelper",
        f"HR Helper is not at {path}.",
        "Run the demonstration in a clone of the repository, or name the folder with --hrhelper.",
        exit_code=ExitCode.USAGE,
    )


def not_as_promised(what: str) -> ParomError:
    return ParomError(
        "demo.not-as-promised",
        f"The demonstration did not show what it should: {what}.",
        "summary.json has the numbers; `parom report` in its folder has the runs.",
        exit_code=ExitCode.ROLLED_BACK,
    )
