"""What a late return can carry over, said before production is touched.

Ids, for `checks.fail_on` and `checks.silenced`: `replay.refused` (nothing of what users write is
carried), `replay.table` (nothing of one table), `replay.carried` (all that the migrations allow).
"""

from __future__ import annotations

from parom.facts import Finding, Level
from parom.replay.changes import Changes, Refusal
from parom.words.said import said

_WHY = {
    "no-reverse": said("has no reverse: nobody knows how its values are turned back"),
    "reverse": said(
        "has a reverse that works on whole tables, which single rows cannot go through"
    ),
    "separate": said("changes models and tables apart from each other"),
    "unknown": said("is of a kind whose effect on rows Parom does not know"),
    "data": said("works on data, and no rehearsal has shown what it changes"),
}
_CURE = said(
    "Where the older release understands the values as they are, declare "
    "migrations.RunPython.noop (or RunSQL.noop) as the reverse."
)
_TABLE_CURE = said("Change it in a release of its own, with little time to go back in.")


def judge(
    changes: Changes, fail_on: frozenset[str], silenced: frozenset[str]
) -> tuple[Finding, ...]:
    """One finding for each operation that keeps rows from being carried."""
    found: list[tuple[str, Level, str, str]] = [
        (
            "replay.table" if one.table else "replay.refused",
            Level.WARNING,
            _fact(one),
            _TABLE_CURE if one.table else _CURE,
        )
        for one in changes.refusals
    ]
    if not changes.refuses_all:
        fact = said("replay.carried: what users write after the opening survives a late return")
        found.append(("replay.carried", Level.INFO, fact, ""))
    return tuple(
        Finding("replay", Level.ERROR if rule in fail_on else level, fact, cure)
        for rule, level, fact, cure in found
        if rule not in silenced
    )


def judge_none(fail_on: frozenset[str], silenced: frozenset[str]) -> tuple[Finding, ...]:
    """The same where the database carries nothing, whatever the migrations are."""
    rule = "replay.refused"
    fact = said(
        "replay.refused: nothing is carried over on this kind of database; after a late return all "
        "rows written meanwhile lie in quarantine"
    )
    cure = said("Watch the release while few people write; or use PostgreSQL, which carries rows.")
    level = Level.ERROR if rule in fail_on else Level.WARNING
    return () if rule in silenced else (Finding("replay", level, fact, cure),)


def _fact(one: Refusal) -> str:
    if one.why == "not-asked":
        return said(
            "replay.refused: what the migrations change could not be found out ({reason}); after "
            "a late return all rows written meanwhile lie in quarantine",
            reason=one.detail,
        )
    named = f"{one.migration} ({one.operation})" if one.operation else one.migration
    if one.table:
        return said(
            "replay.table: {named} {why}; after a late return rows written to {table} lie in "
            "quarantine",
            named=named,
            why=_of_table(one),
            table=one.table,
        )
    return said(
        "replay.refused: {named} {why}; after a late return all rows written meanwhile lie in "
        "quarantine",
        named=named,
        why=_WHY[one.why],
    )


def _of_table(one: Refusal) -> str:
    if one.why == "changed":
        return said("changed {number} rows of it that both releases have", number=one.detail)
    if one.why == "other-model":
        return said("lets {column} refer to another model", column=one.detail)
    if one.why in _WHY:
        return _WHY[one.why]
    return said("changes the type of {column}", column=one.detail)
