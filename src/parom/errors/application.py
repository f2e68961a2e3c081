"""What can be wrong inside the deployed application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import joined, said


def does_not_load(error: Mapping[str, str], settings_module: str = "") -> ParomError:
    cure = said("Try `manage.py check` in the release with its own environment.")
    if error.get("module") == "django":
        cure = said("Its environment has no Django: see release.dependencies.")
    elif error.get("module") and settings_module.split(".")[0] == error["module"].split(".")[0]:
        cure = said("project.settings and project.manage say where the settings are: correct them.")
    return ParomError(
        "application.does-not-load",
        said("The release cannot be loaded: {error}.", error=_said(error)),
        cure,
    )


def failed(command: str, error: Mapping[str, str]) -> ParomError:
    return ParomError(
        "application.failed",
        said(
            "The release loads, but `{command}` fails in it: {error}.",
            command=command,
            error=_said(error),
        ),
        said("Correct what it names (the release, its settings or its database) and try again."),
    )


def inconsistent_history(error: Mapping[str, str]) -> ParomError:
    return ParomError(
        "application.inconsistent-history",
        said(
            "The database's record of migrations contradicts the release: {message}",
            message=error["message"],
        ),
        said("Django will not migrate it. Compare `manage.py showmigrations` of both releases."),
    )


def no_answer(command: str, output: str) -> ParomError:
    told = output.strip()[-500:] or said("it said nothing")
    return ParomError(
        "application.no-answer",
        said(
            "The release's interpreter did not answer to `{command}`: {told}",
            command=command,
            told=told,
        ),
        said("Check release.python and project.manage; the interpreter must have Django."),
    )


def too_slow(command: str, limit_s: float) -> ParomError:
    return ParomError(
        "application.too-slow",
        said(
            "`{command}` in the release was not done in {limit_s} s and was ended.",
            command=command,
            limit_s=f"{limit_s:g}",
        ),
        said(
            "Something waits while it loads, often a network service: try `manage.py check` there."
        ),
        can_retry=True,
    )


def migration_failed(
    migration: str, error: Mapping[str, str], applied: int, log: str
) -> ParomError:
    named = said("Migration {name}", name=migration) if migration else said("Migrating")
    before = said(" {n} before it had been applied.", n=applied) if applied else ""
    return ParomError(
        "application.migration-failed",
        said("{named} failed: {error}.{before}", named=named, error=_said(error), before=before),
        said("Its output and traceback are in {log}.", log=log),
    )


def lock_not_available(migration: str, lock: Mapping[str, Any], log: str) -> ParomError:
    named = said("Migration {name}", name=migration) if migration else said("Migrating")
    limit_s = f"{lock['limit_s']:g}"
    tried = said("tries: {n}, each of up to {limit_s} s", n=lock["tries"], limit_s=limit_s)
    if not lock["is_whole"]:
        tried = said("up to {limit_s} s, and not again, for a part may be done", limit_s=limit_s)
    holders = joined(map(_holder, lock["holders"]), ", ")
    held = said("Who held it could not be seen.")
    if holders:
        held = said("In its way: {holders}.", holders=holders)
    return ParomError(
        "application.lock-not-available",
        said("{named} did not get a lock ({tried}). {held}", named=named, tried=tried, held=held),
        said(
            "Wait for whoever holds it, or end that session, and deploy again. "
            "Its output is in {log}.",
            log=log,
        ),
        can_retry=True,
    )


def _holder(one: Mapping[str, Any]) -> str:
    if not one["pid"]:
        return said("a prepared transaction (see pg_prepared_xacts)")
    return said(
        "session {pid} of {role} ({application}), in a transaction since {since}",
        pid=one["pid"],
        role=one["role"] or "?",
        application=one["application"] or "?",
        since=one["since"] or "?",
    )


def migration_died(exit_code: int, log: str) -> ParomError:
    how = said("with status {n}", n=exit_code)
    if exit_code < 0:
        how = said("by signal {n}", n=-exit_code)
    return ParomError(
        "application.migration-died",
        said("The migration's process ended {how} and left no result.", how=how),
        said("Its output is in {log}.", log=log),
    )


def migration_still_runs(pid: int, limit_s: float) -> ParomError:
    return ParomError(
        "application.migration-still-runs",
        said(
            "A migration that was started earlier (process {pid}) did not end in {limit_s} s.",
            pid=pid,
            limit_s=f"{limit_s:g}",
        ),
        said("Look at what it waits for; once it has ended, `parom resume` goes on."),
        exit_code=ExitCode.NEEDS_PERSON,
        can_retry=True,
    )


def _said(error: Mapping[str, str]) -> str:
    where = f" ({error['where']})" if error.get("where") else ""
    return f"{error['type']}: {error['message'].strip().rstrip('.')}{where}"


def migration_ended(who: str) -> ParomError:
    return ParomError(
        "application.migration-ended",
        said("{who} asked to abort, and the migration was ended where it was.", who=who),
        said("The database of before is brought back; deploy again when ready."),
    )
