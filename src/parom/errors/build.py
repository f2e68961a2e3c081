"""What can go wrong while a release gets its environment."""

from __future__ import annotations

from parom.errors.problem import ParomError
from parom.masking import without_credentials
from parom.words.said import said

_SHOWN = 800


def no_python(wanted: str, reason: str) -> ParomError:
    return ParomError(
        "build.no-python",
        said(
            'There is no Python "{wanted}" on this machine: {reason}',
            wanted=wanted,
            reason=without_credentials(reason),
        ),
        said("Install it, or name another in release.python. Nothing was changed."),
    )


def old_python(found: str, oldest: str) -> ParomError:
    return ParomError(
        "build.old-python",
        said(
            "The release would run on Python {found}; Parom works with {oldest} and newer.",
            found=found,
            oldest=oldest,
        ),
        said("Name a newer one in release.python. Nothing was changed."),
    )


def dependency_failed(output: str, log: str, *, can_retry: bool = True) -> ParomError:
    return ParomError(
        "build.dependency-failed",
        said(
            "The release's dependencies could not be installed: {output}",
            output=without_credentials(output.strip())[-_SHOWN:],
        ),
        said(
            "The whole output is in {log}. Correct the lock file or the network. Nothing "
            "was changed.",
            log=log,
        ),
        can_retry=can_retry,
    )


def no_dependencies(name: str) -> ParomError:
    return ParomError(
        "build.no-dependencies",
        said('The release has no "{name}", which release.dependencies names.', name=name),
        said(
            "Name uv.lock, pyproject.toml, a requirements file, an environment's folder, "
            "or none. Nothing was changed."
        ),
    )


def still_building(environment: str) -> ParomError:
    return ParomError(
        "build.still-building",
        said(
            "An installer that an earlier Parom started is still at work in {environment}.",
            environment=environment,
        ),
        said("Wait for it to end, or end it, and deploy again. Nothing was changed."),
        can_retry=True,
    )
