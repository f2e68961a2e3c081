"""What can go wrong while a release gets its environment."""

from __future__ import annotations

import re

from parom.errors.problem import ParomError

_CREDENTIALS = re.compile(r"(://)[^/@\s]+@")


def no_python(wanted: str, reason: str) -> ParomError:
    return ParomError(
        "build.no-python",
        f'There is no Python "{wanted}" on this machine: {reason}',
        "Install it, or name another in release.python. Nothing was changed.",
    )


def dependency_failed(output: str, log: str) -> ParomError:
    shown = _CREDENTIALS.sub(r"\1***@", output.strip())[-800:]
    return ParomError(
        "build.dependency-failed",
        f"The release's dependencies could not be installed: {shown}",
        f"The whole output is in {log}. Correct the lock file or the network. Nothing was changed.",
        can_retry=True,
    )


def no_dependencies(name: str) -> ParomError:
    return ParomError(
        "build.no-dependencies",
        f'The release has no "{name}", which release.dependencies names.',
        "Name uv.lock, pyproject.toml, a requirements file, an environment's folder, or none. "
        "Nothing was changed.",
    )
