"""The migration graph: conflicts, a database newer than the code, what is pending."""

from __future__ import annotations

from parom.facts import Finding, Level, MigrationFacts
from parom.words.said import said

GATE = "migrations"


def judge(facts: MigrationFacts, changes: tuple[str, ...]) -> tuple[Finding, ...]:
    """Conflicts and a newer database stop. `changes` are changes of models without a migration."""
    found = [
        Finding(
            GATE,
            Level.ERROR,
            said("{app} has conflicting migrations: {names}", app=app, names=", ".join(names)),
            said("Run `manage.py makemigrations --merge` and release again."),
        )
        for app, names in facts.conflicts
    ]
    if facts.unknown:
        names = ", ".join(str(one) for one in facts.unknown)
        found.append(
            Finding(
                GATE,
                Level.ERROR,
                said("the database is newer than this release: it has {names}", names=names),
                said("Deploy a release that has them, or go back with `parom rollback`."),
            )
        )
    found += [
        Finding(
            GATE,
            Level.WARNING,
            said("a model change has no migration: {change}", change=one),
            said("Run `manage.py makemigrations`, commit what it writes, and release again."),
        )
        for one in changes
    ]
    if facts.pending:
        names = ", ".join(str(one) for one in facts.pending)
        pending = said("{n} pending: {names}", n=len(facts.pending), names=names)
        found.append(Finding(GATE, Level.INFO, pending))
    return tuple(found)
