"""What the application's side answered, as records and errors; secrets are masked here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parom.appside.masked import without_secrets
from parom.errors import ParomError
from parom.errors import application as errors
from parom.facts import Migration, MigrationOperation
from parom.gates.altered_field import AlteredField

Answer = Mapping[str, Any]


def problem_of(command: str, error: Answer, environment: Mapping[str, str]) -> ParomError:
    """The error for a question that could not be answered."""
    told = masked(error, environment)
    if not error["loaded"]:
        return errors.does_not_load(told, environment.get("DJANGO_SETTINGS_MODULE", ""))
    if error["type"] == "InconsistentMigrationHistory":
        return errors.inconsistent_history(told)
    return errors.failed(command, told)


def failed_migration(answer: Answer, environment: Mapping[str, str], log: Path) -> ParomError:
    """The error for an answer in which migrating failed."""
    lock = answer["error"].get("lock")
    if lock:
        return errors.lock_not_available(answer["error"]["migration"], lock, str(log))
    told = masked(answer["error"], environment)
    done = len(answer.get("applied", ()))
    return errors.migration_failed(told.get("migration", ""), told, done, str(log))


def said(error: Answer | None, environment: Mapping[str, str]) -> str:
    """An error in one line; empty where there is none."""
    if not error:
        return ""
    told = masked(error, environment)
    where = f" ({told['where']})" if told["where"] else ""
    return f"{told['type']}: {told['message']}{where}"


def masked(error: Answer, environment: Mapping[str, str]) -> dict[str, Any]:
    return {**error, "message": without_secrets(error["message"], environment)}


def operation_of(answer: Answer) -> MigrationOperation:
    told = {**answer, "migration": Migration(*answer["migration"])}
    types = told.pop("types")
    if types is None:
        return MigrationOperation(**told)
    return AlteredField(**told, type_before=types[0], type_after=types[1])
