"""What each topic has to say besides what all say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from parom.journal.told import Told
from parom.message import Topic
from parom.words.figures import duration, number
from parom.words.language import Words
from parom.words.said import in_words, recorded, recorded_all
from parom.words.titles import done


def particulars_of(topic: Topic, events: Sequence[Told], words: Words) -> list[str]:
    """Lines on the last of the events."""
    data = events[-1].data
    results = {one.step: one.data for one in events if one.kind == "ok"}
    match topic:
        case Topic.BEFORE:
            return _expected(results, words)
        case Topic.SUCCESS:
            return _went(events, results, words)
        case Topic.APPROVAL:
            roles = words.say(" or ").join(data["roles"])
            return [words.say("`parom approve`, by {roles}", roles=roles)]
        case Topic.LATE:
            return _late(data, words)
        case Topic.INCONCLUSIVE:
            return [
                words.say("Not seen: {what}", what=in_words(one, words))
                for one in recorded_all(data, "missing")
            ]
        case Topic.ALARM:
            back = words.say("`parom rollback` brings the old release back, at any time")
            return [words.say("Alarm: {what}", what=in_words(recorded(data, "fact"), words)), back]
        case Topic.INTERRUPTED:
            return [words.say("`parom resume` carries it on, `parom rollback` takes it back")]
        case Topic.HELD:
            carried = words.say("`parom resume` carries it on, `parom rollback` takes it back")
            return [*_why(data, words), carried]
        case Topic.FAILURE | Topic.REFUSED | Topic.ROLLBACK | Topic.ROLLBACK_FAILED:
            return _why(data, words)
        case Topic.ROLLED_BACK:
            return [*_why(data, words), *_apart(data, words)]
    return []


def _expected(results: Mapping[str, Any], words: Words) -> list[str]:
    lines = []
    pending = results.get("gates.code", {}).get("pending")
    if pending is not None:
        lines.append(words.count("{number} migration", "{number} migrations", len(pending)))
    predicted = results.get("rehearsal.run", {}).get("predicted_stop_s")
    if predicted is not None:
        lines.append(words.say("Predicted stop: {time}", time=duration(words, float(predicted))))
    return lines


def _went(events: Sequence[Told], results: Mapping[str, Any], words: Words) -> list[str]:
    began = next((one.at for one in events if _is(one, "ok", "gateway.hold", "gateway.close")), "")
    opened = next((one.at for one in events if _is(one, "ok", "gateway.open")), "")
    lines = []
    if began and opened and "gateway.hold" in results:
        waited = datetime.fromisoformat(opened) - datetime.fromisoformat(began)
        took = duration(words, waited.total_seconds())
        lines.append(words.say("The public waited for {time}", time=took))
    watched = results.get("watch.run", {}).get("seconds")
    if watched:
        lines.append(words.say("Watched for {time}", time=duration(words, float(watched))))
    return lines


def _is(event: Told, kind: str, *steps: str) -> bool:
    return event.kind == kind and event.step in steps


def _why(data: Mapping[str, Any], words: Words) -> list[str]:
    """The fact and its id."""
    error = data.get("error") or {}
    if "fact" not in error:
        return []
    step, fact = str(data.get("step", "")), in_words(recorded(error, "fact"), words)
    lines = [words.say("After: {step}", step=words.say(done(step)))] if step == "watch.run" else []
    return [*lines, words.say("Why: {fact} [{id}]", fact=fact, id=error["id"])]


def _apart(data: Mapping[str, Any], words: Words) -> list[str]:
    lines = []
    if along := int(data.get("carried") or 0):
        said = words.count(
            "{number} row written meanwhile was carried over",
            "{number} rows written meanwhile were carried over",
            along,
        )
        lines.append(said)
    if rows := int(data.get("quarantined") or 0):
        said = words.count(
            "{number} row written meanwhile is in quarantine, in full",
            "{number} rows written meanwhile are in quarantine, in full",
            rows,
        )
        lines.append(said)
    if tables := data.get("not_covered"):
        lines.append(words.say("Look yourself, not listed: {tables}", tables=", ".join(tables)))
    return lines


def _late(data: Mapping[str, Any], words: Words) -> list[str]:
    parts = {"prepare": words.say("The preparation"), "cutover": words.say("The cutover")}
    part = parts.get(str(data["phase"]), words.say("All of it"))
    planned = number(words, float(data["budget_s"]) / 60, 1)
    return [words.say("{part}: more than the {n} min that were planned", part=part, n=planned)]
