"""What can be wrong with the machine on which commands run."""

from __future__ import annotations

from pathlib import Path

from parom.errors.problem import ParomError
from parom.words.said import said


def missing_tool(name: str, wanted_for: str) -> ParomError:
    return ParomError(
        "host.missing-tool",
        said(
            'The command "{name}" is needed to {wanted_for}, and is not to be found.',
            name=name,
            wanted_for=wanted_for,
        ),
        said("Install {name}, or put its folder on PATH. Nothing was changed.", name=name),
    )


def no_space(path: str, reason: str) -> ParomError:
    return ParomError(
        "host.no-space",
        said("{path} could not be written: {reason}.", path=path, reason=reason),
        said(
            "Free some space, or give the user more of it. What was begun is cleared by "
            "the next run."
        ),
    )


def no_parent(path: Path) -> ParomError:
    return ParomError(
        "root.no-parent",
        said("{parent}, in which project.root is to lie, is not there.", parent=path.parent),
        said(
            "Make it, mount the disk that belongs there, or correct project.root. "
            "Nothing was changed."
        ),
    )
