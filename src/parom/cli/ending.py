"""How a run ended, in words: what runs, what was kept and what was not, times, what next."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from parom.cli.lines import late
from parom.cli.tried import tried_out
from parom.cli.written_rows import what_became_of_rows
from parom.errors import ExitCode
from parom.journal.told import Told
from parom.plan.plan import Kind, Plan
from parom.report.stops import stopped_s
from parom.report.story import at
from parom.words.figures import marked
from parom.words.language import ENGLISH, Words
from parom.words.said import in_words, recorded, recorded_all
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
    carried: Mapping[str, int]
    """Rows written after the opening that came along, by table of the newer release."""
    lost: Mapping[str, int]
    """Rows in quarantine by table; those of which only some columns are among them."""
    reasons: Mapping[str, int]
    """How many of them for which reason; see `words/reasons.py`."""
    quarantine: str
    not_covered: tuple[str, ...]
    """Tables of which nobody knows what was written, so that nothing of them is in quarantine."""
    tried: tuple[str, ...]
    """What a rehearsal found of each migration."""
    stop_s: float | None
    predicted_stop_s: float | None
    whole_s: float
    following: tuple[str, ...]
    """What to do next: commands with a few words."""

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def ending_of(
    plan: Plan, outcome: str, exit_code: int, events: Iterable[Told], words: Words = ENGLISH
) -> Ending:
    """A pure function of what the journal says about a run that has ended or is held."""
    told = list(events)
    results = {one.step: one.data for one in told if one.kind == "ok"}
    undone = {one.step: one.data for one in told if one.kind == "undone"}
    end = next((one.data for one in reversed(told) if one.kind in ("finished", "held")), {})
    apart, rehearsed = _quarantined(results, undone), results.get("rehearsal.run", {})
    return Ending(
        outcome=outcome,
        exit_code=exit_code,
        sentence=_sentence(plan, outcome, exit_code, results, words),
        why=_why(end, words),
        cure=in_words(recorded(end.get("error") or {}, "cure"), words),
        kept=_kept(plan, exit_code, results, undone, words),
        missing=_missing(results, told, words),
        late=tuple(late(one.data, words) for one in told if one.kind == "budget-overrun"),
        carried=dict(apart.get("carried_tables", {})),
        lost=dict(apart.get("tables", {})),
        reasons=dict(apart.get("reasons", {})),
        quarantine=str(apart.get("file", "")) if apart.get("quarantined") else "",
        not_covered=tuple(apart.get("not_covered", ())),
        tried=tried_out(rehearsed if plan.kind is Kind.REHEARSAL else {}, words),
        stop_s=None if plan.kind in _NO_STOP else stopped_s(told),
        predicted_stop_s=rehearsed.get("predicted_stop_s"),
        whole_s=_whole_s(told),
        following=(_next(plan, outcome, exit_code, words),),
    )


def words_of(ending: Ending, words: Words = ENGLISH) -> str:
    """The last lines of a run on a screen, in the language that the ending was made in."""
    mark = "✓" if ending.exit_code == ExitCode.DONE else "✗"
    code = words.say("(exit {code})", code=int(ending.exit_code))
    lines = ["", f"{mark} {ending.sentence} {code}"]
    lines += [words.say("  why:   {what}", what=one) for one in ending.why]
    if ending.cure:
        lines.append(words.say("  cure:  {what}", what=ending.cure))
    lines += [words.say("  tried: {what}", what=one) for one in ending.tried]
    lines += what_became_of_rows(ending, words)
    lines += [words.say("  kept:  {what}", what=one) for one in ending.kept]
    lines += [words.say("  lacks: {what}", what=one) for one in ending.missing]
    lines += [words.say("  late:  {what}", what=one) for one in ending.late]
    lines.append(words.say("  times: {what}", what=_times(ending, words)))
    lines += [words.say("  next:  {what}", what=one) for one in ending.following]
    return "\n".join(lines)


def told_events(rows: Iterable[Any]) -> list[Told]:
    """The journal's rows as screens take them."""
    return [Told(one.at, one.kind, one.step, json.loads(one.data)) for one in rows]


def _sentence(plan: Plan, outcome: str, code: int, results: Mapping[str, Any], words: Words) -> str:
    old = str(results.get("installation.adopt", {}).get("release", "")) or plan.from_release
    match code:
        case ExitCode.DONE if plan.kind is Kind.REHEARSAL:
            pending = len(results.get("gates.code", {}).get("pending", ()))
            return words.count(
                "{what} ({label}) was tried out with {number} migration on a copy of the data, "
                "and taken back; what runs was not touched",
                "{what} ({label}) was tried out with {number} migrations on a copy of the data, "
                "and taken back; what runs was not touched",
                pending,
                what=plan.described,
                label=plan.label,
            )
        case ExitCode.DONE if plan.kind is Kind.ROLLBACK:
            return words.say(
                "Rolled back: {release} runs again, checked before it was opened",
                release=plan.release_id,
            )
        case ExitCode.DONE if plan.kind is Kind.RECOVERY:
            return words.say(
                "Recovered: {release} runs with the data of backup {backup}",
                release=plan.release_id,
                backup=plan.label,
            )
        case ExitCode.DONE:
            return words.say(
                "Deployed: {what} runs as {release}", what=plan.described, release=plan.release_id
            )
        case ExitCode.ROLLED_BACK_WITH_QUARANTINE if plan.kind is Kind.ROLLBACK:
            return words.say(
                "Rolled back: {release} runs again, but not all rows could come along",
                release=plan.release_id,
            )
        case ExitCode.ROLLED_BACK if plan.kind is Kind.ROLLBACK:
            return words.say(
                "The rollback failed and was taken back: {release} still runs",
                release=plan.from_release,
            )
        case ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE:
            return words.say(
                "Gone back by itself: {release} runs again, checked before opening",
                release=old or words.say("nothing"),
            )
        case ExitCode.REFUSED if old:
            return words.say(
                "Refused: nothing was changed, {release} runs on as before", release=old
            )
        case ExitCode.REFUSED:
            return words.say("Refused: nothing was changed, nothing is installed, as before")
        case ExitCode.NEEDS_PERSON if outcome.startswith("deployed"):
            return words.say(
                "Deployed: {what} runs as {release}, but the watch saw too little to call it "
                "good: a person looks",
                what=plan.described,
                release=plan.release_id,
            )
    return words.say("A person is needed: {outcome}", outcome=words.say(outcome))


def _why(end: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    error = end.get("error") or {}
    if "fact" not in error:
        traced = words.say("the traceback is in `parom report --json`")
        return (traced,) if "traceback" in end else ()
    step = end.get("step", "")
    where = f"{words.say(doing(step))}: " if step else ""
    return (f"{where}{in_words(recorded(error, 'fact'), words)} [{error['id']}]",)


def _quarantined(results: Mapping[str, Any], undone: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was put into quarantine, unless that was taken back: then the rows are live again."""
    collected = {} if "capture.collect" in undone else results.get("capture.collect", {})
    given_up = undone.get("services.stop", {}).get("rows", {})
    for found in (given_up, undone.get("capture.install", {}), collected):
        if any(found.get(one) for one in ("quarantined", "not_covered", "carried")):
            return dict(found)
    return {}


def _kept(
    plan: Plan,
    code: int,
    results: Mapping[str, Any],
    undone: Mapping[str, Any],
    words: Words,
) -> tuple[str, ...]:
    kept = []
    if code == ExitCode.DONE and plan.kind in (Kind.DEPLOY, Kind.PARTIAL):
        old = results.get("installation.adopt", {}).get("release", plan.from_release)
        kept.append(
            words.say(
                "{release} and its database, as it was at the stop, for the way back", release=old
            )
        )
    swapped = undone.get("database.snapshot", {}) or results.get("database.return", {})
    if swapped.get("swapped"):
        kept.append(
            words.say("the newer database, beside the live one, for as long as backups are kept")
        )
    elif plan.kind is Kind.ROLLBACK and swapped.get("why"):
        kept.append(words.say("the database: {why}", why=words.say(swapped["why"])))
    backups = [
        str(results[step]["backup"])
        for step in ("backup.online", "backup.final")
        if "backup" in results.get(step, {})
    ]
    kept += [
        words.say("backup {id}, encrypted, unpacked and compared", id=name) for name in backups
    ]
    return tuple(kept)


def _missing(results: Mapping[str, Any], told: Iterable[Told], words: Words) -> tuple[str, ...]:
    """Evidence that there was not: never counted as good."""
    watched, baseline = results.get("watch.run", {}), results.get("baseline.measure", {})
    lacks = (*recorded_all(watched, "missing"), *recorded_all(watched, "not_asked"))
    found = [in_words(one, words) for one in lacks]
    if "missing" in baseline:
        why = in_words(recorded(baseline, "missing"), words)
        found.insert(0, words.say("a baseline: {why}", why=why))
    for one in told:
        if one.kind == "not-carried":
            why = in_words(recorded(one.data, "fact"), words)
            found.append(words.say("rows written since the opening, carried over: {why}", why=why))
        if one.kind == "ids-not-kept":
            why = in_words(recorded(one.data, "fact"), words)
            found.append(words.say("ids that are not given out again: {why}", why=why))
    return tuple(found)


def _times(ending: Ending, words: Words) -> str:
    def number(seconds: float) -> str:
        return marked(words, f"{seconds:g}")

    parts = []
    if ending.stop_s is not None:
        waited = words.say("the public waited {n} s", n=number(ending.stop_s))
        if ending.predicted_stop_s is not None:
            waited += " " + words.say("(predicted {n} s)", n=number(ending.predicted_stop_s))
        parts.append(waited)
    elif ending.predicted_stop_s is not None:
        parts.append(words.say("predicted stop {n} s", n=number(ending.predicted_stop_s)))
    parts.append(words.say("{n} s in all", n=number(ending.whole_s)))
    return ", ".join(parts)


def _next(plan: Plan, outcome: str, code: int, words: Words) -> str:
    match code:
        case ExitCode.DONE if plan.kind is Kind.REHEARSAL:
            return words.say("`parom deploy` takes it over")
        case ExitCode.DONE if plan.kind is Kind.INSTALL:
            return words.say("`parom status` and `parom doctor` look at it")
        case ExitCode.DONE if plan.kind is Kind.RECOVERY:
            return words.say(
                "`parom doctor` looks at it; `parom deploy` takes the next release over"
            )
        case ExitCode.NEEDS_PERSON if outcome.startswith("deployed"):
            return words.say(
                "look at the application; `parom rollback` brings the old release back, at any time"
            )
        case ExitCode.NEEDS_PERSON if plan.kind is Kind.RECOVERY:
            return words.say("correct what is named, and repeat the command: it goes on")
        case ExitCode.DONE if plan.kind is Kind.ROLLBACK:
            return words.say("`parom deploy` when the newer release is corrected")
        case ExitCode.DONE:
            return words.say("`parom rollback` brings the old release back, at any time")
        case ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE:
            return words.say("`parom report` has every step; deploy again when it is corrected")
        case ExitCode.REFUSED:
            return words.say("correct what is named, and deploy again")
    return words.say(
        "`parom resume` carries it on, `parom rollback` takes it back; both lose nothing"
    )


def _whole_s(told: Sequence[Told]) -> float:
    """Up to its end: what is told later (a person's word) is not the run's time."""
    if not told:
        return 0.0
    ends = [one for one in told if one.kind in ("finished", "held")]
    return round(at(ends[-1] if ends else told[-1]) - at(told[0]), 1)
