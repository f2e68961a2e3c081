"""What can go wrong with a report."""

from __future__ import annotations

from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def cannot_write(path: Path, reason: str) -> ParomError:
    return ParomError(
        "report.cannot-write",
        said("{path} cannot be written: {reason}.", path=path, reason=reason),
        said("Name a file in a folder that is there and yours; - prints it."),
        exit_code=ExitCode.USAGE,
    )
