"""What can be wrong with parom.toml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def missing(path: Path) -> ParomError:
    return ParomError(
        "config.missing",
        f"There is no configuration file at {path}.",
        "Run `parom init` in the project's folder to get one, or name it with --config. "
        "Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def unreadable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "config.unreadable",
        f"{path} cannot be read: {reason}.",
        "Name the file with --config; it is UTF-8 text that you may read. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def syntax(path: Path, reason: str) -> ParomError:
    return ParomError(
        "config.syntax",
        f"{path} is not valid TOML: {reason}.",
        "Correct the line that is named. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def invalid(path: Path, problems: Sequence[str]) -> ParomError:
    return ParomError(
        "config.invalid",
        f"{path}: {problems[0]}."
        if len(problems) == 1
        else f"{path} has {len(problems)} problems:" + "".join(f"\n  - {one}" for one in problems),
        "Correct what is named; `parom check` looks again. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )
