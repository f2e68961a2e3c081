"""What can be wrong with parom.toml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def missing(path: Path) -> ParomError:
    return ParomError(
        "config.missing",
        said("There is no configuration file at {path}.", path=path),
        said(
            "Run `parom init` in the project's folder to get one, or name it with "
            "--config. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def unreadable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "config.unreadable",
        said("{path} cannot be read: {reason}.", path=path, reason=reason),
        said(
            "Name the file with --config; it is UTF-8 text that you may read. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def syntax(path: Path, reason: str) -> ParomError:
    return ParomError(
        "config.syntax",
        said("{path} is not valid TOML: {reason}.", path=path, reason=reason),
        said("Correct the line that is named. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def invalid(path: Path, problems: Sequence[str]) -> ParomError:
    if len(problems) == 1:
        fact = said("{path}: {problem}.", path=path, problem=problems[0])
    else:
        listed = "".join(f"\n  - {one}" for one in problems)
        fact = said("{path} has {n} problems:{listed}", path=path, n=len(problems), listed=listed)
    return ParomError(
        "config.invalid",
        fact,
        said("Correct what is named; `parom check` looks again. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )
