"""What can be wrong with what the checks need."""

from __future__ import annotations

from pathlib import Path

from parom.errors.problem import ParomError
from parom.words.said import said


def headers_file(path: Path, reason: str) -> ParomError:
    return ParomError(
        "checks.headers-file",
        said(
            "The headers for checks cannot be taken from {path}: {reason}.",
            path=path,
            reason=reason,
        ),
        said("Correct checks.headers_file, or the file's permissions."),
    )
