"""What can be wrong inside the deployed application."""

from __future__ import annotations

from collections.abc import Mapping

from parom.errors.problem import ParomError


def does_not_load(error: Mapping[str, str]) -> ParomError:
    where = f" at {error['where']}" if error.get("where") else ""
    return ParomError(
        "application.does-not-load",
        f"The release cannot be loaded: {error['type']}: {error['message']}{where}.",
        "Try `manage.py check` in the release with its own environment.",
    )


def no_answer(command: str, output: str) -> ParomError:
    return ParomError(
        "application.no-answer",
        f"The release's interpreter did not answer to `{command}`: {output.strip()[-500:]}",
        "Check release.python and project.manage; the interpreter must have Django.",
    )


def migration_failed(migration: str, error: Mapping[str, str]) -> ParomError:
    named = f"Migration {migration}" if migration else "The migration"
    return ParomError(
        "application.migration-failed",
        f"{named} failed: {error['type']}: {error['message']}.",
        "The run's folder has its output and traceback.",
    )


def migration_died(exit_code: int, log: str) -> ParomError:
    return ParomError(
        "application.migration-died",
        f"The migration's process ended with status {exit_code} and no result.",
        f"Its output is in {log}.",
    )
