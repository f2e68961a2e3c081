"""What can be wrong with parom.toml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def missing(path: Path) -> ParomError:
    return ParomError(
        "config.missing",
        f"There is no configuration file at {path}.",
        "Run `parom init` in the project's folder, or name the file with --config.",
        exit_code=ExitCode.USAGE,
    )


def unreadable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "config.unreadable",
        f"{path} cannot be read: {reason}.",
        "Check the path and its permissions; the file is UTF-8 text of at most 1 MiB.",
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
        f"{path} has {len(problems)} problem(s): " + "; ".join(problems) + ".",
        "Correct the lines that are named; `parom check` tries again. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )
