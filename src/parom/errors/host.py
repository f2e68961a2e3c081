"""What can be wrong with the machine on which commands run."""

from __future__ import annotations

from pathlib import Path

from parom.errors.problem import ParomError


def missing_tool(name: str, wanted_for: str) -> ParomError:
    return ParomError(
        "host.missing-tool",
        f'The command "{name}" is needed to {wanted_for}, and is not to be found.',
        f"Install {name}, or put its folder on PATH. Nothing was changed.",
    )


def no_space(path: str, reason: str) -> ParomError:
    return ParomError(
        "host.no-space",
        f"{path} could not be written: {reason}.",
        "Free some space, or give the user more of it. What was begun is cleared by the next run.",
    )


def no_parent(path: Path) -> ParomError:
    return ParomError(
        "root.no-parent",
        f"{path.parent}, in which project.root is to lie, is not there.",
        "Make it, mount the disk that belongs there, or correct project.root. Nothing was changed.",
    )
