"""What `parom init` can meet in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def not_django(folder: Path, reason: str) -> ParomError:
    return ParomError(
        "inspect.not-django",
        f"{folder} holds no Django project: {reason}.",
        "Run `parom init` in the folder of manage.py or in the one above. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def several_projects(folder: Path, found: Sequence[str]) -> ParomError:
    return ParomError(
        "inspect.several-projects",
        f"{folder} holds several Django projects: {', '.join(found)}.",
        "Run `parom init` in the folder of the one that is meant. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )
