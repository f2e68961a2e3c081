"""How migrating went, as the release's process told it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from parom.facts import Migration


@dataclass(frozen=True)
class TableLock:
    """A lock behind which writers wait, on a table that was there before the migration."""

    migration: Migration
    table: str
    """With its schema where the search path does not find it. Empty, as the mode is, for a
    statement that no transaction takes, so that its locks could not be looked at."""
    mode: str
    """As PostgreSQL's manual calls it: ACCESS EXCLUSIVE, SHARE ROW EXCLUSIVE, ..."""
    seconds: float
    """From the beginning of the statement that took it to the end of the transaction."""


@dataclass(frozen=True)
class MigrationRun:
    """How long all of it took, and each migration with all its tries, in seconds."""

    seconds: float
    applied: tuple[tuple[Migration, float], ...]
    retried: tuple[tuple[Migration, int], ...] = ()
    """How often one was tried again, because a lock was not available (PostgreSQL)."""
    locks: tuple[TableLock, ...] | None = None
    """None where nobody looked: it was not asked for, or is not PostgreSQL."""


def run_of(answer: Mapping[str, Any]) -> MigrationRun:
    def counted(rows: Sequence[Sequence[Any]]) -> tuple[tuple[Migration, Any], ...]:
        return tuple((Migration(app, name), value) for app, name, value in rows)

    locks = answer["locks"]
    return MigrationRun(
        answer["seconds"],
        counted(answer["applied"]),
        counted(answer["retried"]),
        None
        if locks is None
        else tuple(TableLock(Migration(app, name), *one) for app, name, *one in locks),
    )


def told_each(run: MigrationRun) -> list[dict[str, Any]]:
    """For a step's result."""
    return [{"migration": str(one), "seconds": seconds} for one, seconds in run.applied]


def told_retries(run: MigrationRun) -> dict[str, Any]:
    """For a step's result; nothing where nothing was tried again."""
    told = [{"migration": str(migration), "times": times} for migration, times in run.retried]
    return {"retried": told} if told else {}


def told_locks(run: MigrationRun) -> dict[str, Any]:
    """For a step's result; nothing where nobody looked."""
    if run.locks is None:
        return {}
    return {
        "locks": [
            {
                "migration": str(one.migration),
                "table": one.table,
                "mode": one.mode,
                "seconds": round(one.seconds, 3),
            }
            for one in run.locks
        ]
    }
