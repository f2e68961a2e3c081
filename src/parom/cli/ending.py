"""How a run ended, in words: what runs, what was kept and what was not, times, what next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from parom.cli.lines import counted, late
from parom.errors import ExitCode
from parom.journal.told import Told
from parom.plan.plan import Kind, Plan
from parom.report.stops import stopped_s
from parom.report.story import at
from parom.words.titles import doing

_NO_STOP = (Kind.INSTALL, Kind.REHEARSAL, Kind.RECOVERY)


@dataclass(frozen=True)
class Ending:
    """Durations in seconds; None where there was none to measure."""

    outcome: str
    exit_code: int
    sentence: str
    why: tuple[str, ...]
    cure: str
    kept: tuple[str, ...]
    missing: tuple[str, ...]
    """Evidence that could not be had, so that nothing rests on it."""
    late: tuple[str, ...]
    """Parts that took longer than their budget."""
    lost: Mapping[str, int]
    """Rows in quarantine by table."""
    quarantine: str
    not_covered: tuple[str, ...]
    """Tables of which nobody knows what was written, so that nothing of them is in quarantine."""
    stop_s: float | None
    predicted_stop_s: float | None
    whole_s: float
    following: tuple[str, ...]
    """What to do next: commands with a few words."""

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def ending_of(plan: Plan, outcome: str, exit_code: int, events: Iterable[Told]) -> Ending:
    """A pure function of what the journal says about a run that has ended or is held."""
    told = list(events)
    results = {one.step: one.data for one in told if one.kind == "ok"}
    undone = {one.step: one.data for one in told if one.kind == "undone"}
    end = next((one.data for one in reversed(told) if one.kind in ("finished", "held")), {})
    rows = _quarantined(results, undone)
    return Ending(
        outcome=outcome,
        exit_code=exit_code,
        sentence=_sentence(plan, outcome, exit_code, results),
        why=_why(end),
        cure=str((end.get("error") or {}).get("cure", "")),
        kept=_kept(plan, exit_code, results, undone),
        missing=_missing(results, told),
        late=tuple(late(one.data) for one in told if one.kind == "budget-overrun"),
        lost=dict(rows.get("tables", {})),
        quarantine=str(rows.get("file", "")) if rows.get("quarantined") else "",
        not_covered=tuple(rows.get("not_covered", ())),
        stop_s=None if plan.kind in _NO_STOP else stopped_s(told),
        predicted_stop_s=results.get("rehearsal.run", {}).get("predicted_stop_s"),
        whole_s=_whole_s(told),
        following=_following(plan, outcome, exit_code),
    )


def words_of(ending: Ending) -> str:
    """The last lines of a run on a screen."""
    mark = "✓" if ending.exit_code == ExitCode.DONE else "✗"
    lines = ["", f"{mark} {ending.sentence} (exit {ending.exit_code})"]
    lines += [f"  why:   {one}" for one in ending.why]
    if ending.cure:
        lines.append(f"  cure:  {ending.cure}")
    if ending.lost:
        rows = ", ".join(f"{table} {count}" for table, count in ending.lost.items())
        total = counted(sum(ending.lost.values()), "row")
        lines += [
            f"  apart: {total} written after opening and not in the database now: {rows}",
            f"         in full in {ending.quarantine}",
        ]
    if ending.not_covered:
        lines += [
            f"  apart: what was written to {', '.join(ending.not_covered)} could not be listed",
            "         look into the newer database before it goes with the oldest backups",
        ]
    lines += [f"  kept:  {one}" for one in ending.kept]
    lines += [f"  lacks: {one}" for one in ending.missing]
    lines += [f"  late:  {one}" for one in ending.late]
    lines.append(f"  times: {_times(ending)}")
    lines += [f"  next:  {one}" for one in ending.following]
    return "\n".join(lines)


def told_events(rows: Iterable[Any]) -> list[Told]:
    """The journal's rows as screens take them."""
    return [Told(one.at, one.kind, one.step, json.loads(one.data)) for one in rows]


def _sentence(plan: Plan, outcome: str, code: int, results: Mapping[str, Any]) -> str:
    old = str(results.get("installation.adopt", {}).get("release", "")) or plan.from_release
    match code:
        case ExitCode.DONE if plan.kind is Kind.REHEARSAL:
            pending = len(results.get("gates.code", {}).get("pending", ()))
            return (
                f"{plan.described} ({plan.label}) was tried out with "
                f"{counted(pending, 'migration')} on a copy of the data, and taken back; "
                "what runs was not touched"
            )
        case ExitCode.DONE if plan.kind is Kind.ROLLBACK:
            return f"Rolled back: {plan.release_id} runs again, checked before it was opened"
        case ExitCode.DONE if plan.kind is Kind.RECOVERY:
            return f"Recovered: {plan.release_id} runs with the data of backup {plan.label}"
        case ExitCode.DONE:
            return f"Deployed: {plan.described} runs as {plan.release_id}"
        case ExitCode.ROLLED_BACK_WITH_QUARANTINE if plan.kind is Kind.ROLLBACK:
            return f"Rolled back: {plan.release_id} runs again, but not all rows could come along"
        case ExitCode.ROLLED_BACK if plan.kind is Kind.ROLLBACK:
            return f"The rollback failed and was taken back: {plan.from_release} still runs"
        case ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE:
            return f"Gone back by itself: {old or 'nothing'} runs again, checked before opening"
        case ExitCode.REFUSED:
            runs = f"{old} runs on as before" if old else "nothing is installed, as before"
            return f"Refused: nothing was changed, {runs}"
        case ExitCode.NEEDS_PERSON if outcome.startswith("deployed"):
            return (
                f"Deployed: {plan.described} runs as {plan.release_id}, but the watch saw too "
                "little to call it good: a person looks"
            )
    return f"A person is needed: {outcome}"


def _why(end: Mapping[str, Any]) -> tuple[str, ...]:
    error = end.get("error") or {}
    if "fact" not in error:
        return ("the traceback is in `parom report --json`",) if "traceback" in end else ()
    step = end.get("step", "")
    where = f"{doing(step)}: " if step else ""
    return (f"{where}{error['fact']} [{error['id']}]",)


def _quarantined(results: Mapping[str, Any], undone: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was put into quarantine, unless that was taken back: then the rows are live again."""
    collected = {} if "capture.collect" in undone else results.get("capture.collect", {})
    for found in (undone.get("capture.install", {}), collected):
        if found.get("quarantined") or found.get("not_covered"):
            return dict(found)
    return {}


def _kept(
    plan: Plan, code: int, results: Mapping[str, Any], undone: Mapping[str, Any]
) -> tuple[str, ...]:
    kept = []
    if code == ExitCode.DONE and plan.kind in (Kind.DEPLOY, Kind.PARTIAL):
        old = results.get("installation.adopt", {}).get("release", plan.from_release)
        kept.append(f"{old} and its database, as it was at the stop, for the way back")
    swapped = undone.get("database.snapshot", {}) or results.get("database.return", {})
    if swapped.get("swapped"):
        kept.append("the newer database, beside the live one, for as long as backups are kept")
    elif plan.kind is Kind.ROLLBACK and swapped.get("why"):
        kept.append(f"the database: {swapped['why']}")
    backups = [
        str(results[step]["backup"])
        for step in ("backup.online", "backup.final")
        if "backup" in results.get(step, {})
    ]
    kept += [f"backup {name}, encrypted, restored and compared" for name in backups]
    return tuple(kept)


def _missing(results: Mapping[str, Any], told: Iterable[Told]) -> tuple[str, ...]:
    """Evidence that there was not: never counted as good."""
    watched, baseline = results.get("watch.run", {}), results.get("baseline.measure", {})
    found = [str(one) for one in (*watched.get("missing", ()), *watched.get("not_asked", ()))]
    if "missing" in baseline:
        found.insert(0, f"a baseline: {baseline['missing']}")
    for one in told:
        if one.kind == "ids-not-kept":
            found.append(f"ids that are not given out again: {one.data['fact']}")
    return tuple(found)


def _times(ending: Ending) -> str:
    parts = []
    if ending.stop_s is not None:
        predicted = ending.predicted_stop_s
        said = f" (predicted {predicted:g} s)" if predicted is not None else ""
        parts.append(f"the public waited {ending.stop_s:g} s{said}")
    elif ending.predicted_stop_s is not None:
        parts.append(f"predicted stop {ending.predicted_stop_s:g} s")
    parts.append(f"{ending.whole_s:g} s in all")
    return ", ".join(parts)


def _following(plan: Plan, outcome: str, code: int) -> tuple[str, ...]:
    match code:
        case ExitCode.DONE if plan.kind is Kind.REHEARSAL:
            return ("`parom deploy` takes it over",)
        case ExitCode.DONE if plan.kind is Kind.INSTALL:
            return ("`parom status` and `parom doctor` look at it",)
        case ExitCode.DONE if plan.kind is Kind.RECOVERY:
            return ("`parom doctor` looks at it; `parom deploy` takes the next release over",)
        case ExitCode.NEEDS_PERSON if outcome.startswith("deployed"):
            return (
                "look at the application; `parom rollback` brings the old release back, "
                "at any time",
            )
        case ExitCode.NEEDS_PERSON if plan.kind is Kind.RECOVERY:
            return ("correct what is named, and repeat the command: it goes on",)
        case ExitCode.DONE if plan.kind is Kind.ROLLBACK:
            return ("`parom deploy` when the newer release is corrected",)
        case ExitCode.DONE:
            return ("`parom rollback` brings the old release back, at any time",)
        case ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE:
            return ("`parom report` has every step; deploy again when it is corrected",)
        case ExitCode.REFUSED:
            return ("correct what is named, and deploy again",)
    return ("`parom resume` carries it on, `parom rollback` takes it back; both lose nothing",)


def _whole_s(told: Sequence[Told]) -> float:
    """Up to its end: what is told later (a person's word) is not the run's time."""
    if not told:
        return 0.0
    ends = [one for one in told if one.kind in ("finished", "held")]
    return round(at(ends[-1] if ends else told[-1]) - at(told[0]), 1)
