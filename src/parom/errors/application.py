"""What can be wrong inside the deployed application."""

from __future__ import annotations

from collections.abc import Mapping

from parom.errors.problem import ExitCode, ParomError


def does_not_load(error: Mapping[str, str], settings_module: str = "") -> ParomError:
    cure = "Try `manage.py check` in the release with its own environment."
    if error.get("module") == "django":
        cure = "Its environment has no Django: see release.dependencies."
    elif error.get("module") and settings_module.split(".")[0] == error["module"].split(".")[0]:
        cure = "project.settings and project.manage say where the settings are: correct them."
    return ParomError(
        "application.does-not-load",
        f"The release cannot be loaded: {_said(error)}.",
        cure,
    )


def failed(command: str, error: Mapping[str, str]) -> ParomError:
    return ParomError(
        "application.failed",
        f"The release loads, but `{command}` fails in it: {_said(error)}.",
        "Correct what it names (the release, its settings or its database) and try again.",
    )


def inconsistent_history(error: Mapping[str, str]) -> ParomError:
    return ParomError(
        "application.inconsistent-history",
        f"The database's record of migrations contradicts the release: {error['message']}",
        "Django will not migrate it. Compare `manage.py showmigrations` of both releases.",
    )


def no_answer(command: str, output: str) -> ParomError:
    said = output.strip()[-500:] or "it said nothing"
    return ParomError(
        "application.no-answer",
        f"The release's interpreter did not answer to `{command}`: {said}",
        "Check release.python and project.manage; the interpreter must have Django.",
    )


def too_slow(command: str, limit_s: float) -> ParomError:
    return ParomError(
        "application.too-slow",
        f"`{command}` in the release was not done in {limit_s:g} s and was ended.",
        "Something waits while it loads, often a network service: try `manage.py check` there.",
        can_retry=True,
    )


def migration_failed(
    migration: str, error: Mapping[str, str], applied: int, log: str
) -> ParomError:
    named = f"Migration {migration}" if migration else "Migrating"
    before = f" {applied} before it had been applied." if applied else ""
    return ParomError(
        "application.migration-failed",
        f"{named} failed: {_said(error)}.{before}",
        f"Its output and traceback are in {log}.",
    )


def migration_died(exit_code: int, log: str) -> ParomError:
    how = f"by signal {-exit_code}" if exit_code < 0 else f"with status {exit_code}"
    return ParomError(
        "application.migration-died",
        f"The migration's process ended {how} and left no result.",
        f"Its output is in {log}.",
    )


def migration_still_runs(pid: int, limit_s: float) -> ParomError:
    return ParomError(
        "application.migration-still-runs",
        f"A migration that was started earlier (process {pid}) did not end in {limit_s:g} s.",
        "Look at what it waits for; once it has ended, `parom resume` goes on.",
        exit_code=ExitCode.NEEDS_PERSON,
        can_retry=True,
    )


def _said(error: Mapping[str, str]) -> str:
    where = f" ({error['where']})" if error.get("where") else ""
    return f"{error['type']}: {error['message'].strip().rstrip('.')}{where}"


def migration_ended(who: str) -> ParomError:
    return ParomError(
        "application.migration-ended",
        f"{who} asked to abort, and the migration was ended where it was.",
        "The database of before is brought back; deploy again when ready.",
    )
