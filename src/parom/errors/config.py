"""What can be wrong with parom.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import joined, said

_PLACE = re.compile(r"(?P<reason>.*) \(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)


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


def syntax(path: Path, problem: ValueError) -> ParomError:
    return ParomError(
        "config.syntax",
        said("{path} is not valid TOML: {reason}.", path=path, reason=_of_toml(str(problem))),
        said("Correct the line that is named. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def invalid(path: Path, problems: Sequence[str]) -> ParomError:
    if len(problems) == 1:
        fact = said("{path}: {problem}.", path=path, problem=problems[0])
    else:
        listed = joined(["", *problems], "\n  - ")
        fact = said("{path} has {n} problems:{listed}", path=path, n=len(problems), listed=listed)
    return ParomError(
        "config.invalid",
        fact,
        said("Correct what is named; `parom check` looks again. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def required(key: str, line: int | None = None) -> str:
    """A problem of `invalid`; `line` is that of the key's table."""
    return at(key, line, said("is required"))


def at(key: str, line: int | None, problem: str) -> str:
    """A problem of `invalid`, with its place."""
    if line is None:
        return said("{key}: {problem}", key=key, problem=problem)
    return said("line {line}, {key}: {problem}", line=line, key=key, problem=problem)


def _of_toml(reason: str) -> str:
    """What the reader of TOML says, with the place in our words."""
    found = _PLACE.fullmatch(reason)
    if found is None:
        return reason
    return said(
        "{reason} (line {line}, column {column})",
        reason=found["reason"],
        line=found["line"],
        column=found["column"],
    )
