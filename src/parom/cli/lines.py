"""Events in words, one line each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from parom.journal.told import Told
from parom.words.figures import marked
from parom.words.language import ENGLISH, Words
from parom.words.said import in_words, recorded
from parom.words.titles import doing, done


def line_of(told: Told, words: Words = ENGLISH) -> str:
    """The line for an event; empty where it is not worth one."""
    at = datetime.fromisoformat(told.at).astimezone().strftime("%H:%M:%S")
    text = _text(told, words)
    return f"{at}  {text}" if text else ""


def _text(told: Told, words: Words) -> str:
    data, step = told.data, words.say(doing(told.step)) if told.step else ""
    match told.kind:
        case "started":
            return "▶ " + words.say(
                "{kind}: {asked}, asked for by {who}",
                kind=words.say(data["kind"]),
                asked=data["asked"],
                who=data["who"],
            )
        case "intent":
            return f"· {step} ..."
        case "ok":
            return "✓ " + _with_detail(words.say(done(told.step)), told, words)
        case "failed" | "undo-failed":
            fact, cure = (in_words(recorded(data, one), words) for one in ("fact", "cure"))
            why = f"{fact} {cure} [{data['id']}]"
            return "✗ " + words.say("{step} failed: {why}", step=step, why=why)
        case "finding":
            if not _is_worth_it(data):
                return ""
            fact = in_words(recorded(data, "fact"), words)
            return f"  {words.say(data['level'])}: {shortened(fact)}"
        case "check-failed":
            return words.say(
                "  failed {where}: {name}: {detail}",
                where=words.say(data["where"]),
                name=data["name"],
                detail=in_words(recorded(data, "detail"), words),
            )
        case "looked":
            seen = words.say(data["seen"])
            return words.say("  an earlier attempt was found {seen}: {step}", seen=seen, step=step)
        case "turned-back":
            if "error" in data:
                return "↩ " + words.say("going back")
            return "↩ " + words.say("taking it back: {why}", why=words.say(data["why"]))
        case "waits-for-window":
            until = datetime.fromisoformat(data["until"])
            return words.say(
                "  waits until {time} on {date} ({zone}): the window opens then",
                time=f"{until:%H:%M}",
                date=f"{until:%d.%m.}",
                zone=data["zone"],
            )
        case "waits-for-approval":
            roles = f" {words.say('or')} ".join(data["roles"])
            return words.say("  waits for `parom approve` by {roles}", roles=roles)
        case "approved":
            roles = ", ".join(data["roles"])
            return words.say("  approved by {who} ({roles})", who=data["who"], roles=roles)
        case "budget-overrun":
            return words.say("  late: {what}", what=late(data, words))
        case "undone":
            what = _with_detail(words.say(done(told.step)), told, words)
            return "↩ " + words.say("taken back: {what}", what=what)
    return ""


def late(data: dict[str, Any], words: Words) -> str:
    """Which part was over its budget."""
    planned = marked(words, f"{data['budget_s']:g}")
    match data["phase"]:
        case "prepare":
            return words.say(
                "the preparation took more than the {n} s that were planned", n=planned
            )
        case "cutover":
            return words.say("the cutover took more than the {n} s that were planned", n=planned)
    return words.say("all of it took more than the {n} s that were planned", n=planned)


def _with_detail(text: str, told: Told, words: Words) -> str:
    detail = detail_of(told.step, told.data, words)
    return f"{text}: {detail}" if detail else text


def _is_worth_it(finding: dict[str, Any]) -> bool:
    return str(finding["level"]) != "info"


def shortened(fact: str) -> str:
    """The first sentence of a finding; `parom report --json` has all of it."""
    first, stop, rest = fact.partition(". ")
    return first + "." if stop and rest else fact


def detail_of(step: str, data: dict[str, Any], words: Words) -> str:
    """What a step's result says, in a few words."""
    match step:
        case "gates.code" if "pending" in data:
            warnings = words.count("{number} warning", "{number} warnings", data["warnings"])
            return words.count(
                "{number} migration pending, {warnings}",
                "{number} migrations pending, {warnings}",
                len(data["pending"]),
                warnings=warnings,
            )
        case "backup.online" | "backup.final" if "backup" in data:
            return f"{data['backup']}, {rows(data['rows'], words)}"
        case "cutover.await" if data.get("approved_by"):
            return words.say("approved by {who}", who=", ".join(data["approved_by"]))
        case "rehearsal.run" if "predicted_stop_s" in data:
            predicted = marked(words, str(data["predicted_stop_s"]))
            return words.say("predicted stop {n} s", n=predicted)
        case "database.migrate" if data.get("applied"):
            return words.count(
                "{number} migration in {n} s",
                "{number} migrations in {n} s",
                len(data["applied"]),
                n=marked(words, f"{data['seconds']:.2f}"),
            )
        case "capture.install" | "capture.collect" if "file" in data:
            return _kept(data, words)
        case "database.snapshot" if "swapped" in data:
            return words.say("swapped in") if data["swapped"] else words.say(str(data["why"]))
        case "watch.run" if "verdict" in data:
            return words.say(str(data["verdict"]))
    return ""


def _kept(data: dict[str, Any], words: Words) -> str:
    parts = []
    if data.get("carried"):
        carried = words.count(
            "{number} row carried over", "{number} rows carried over", data["carried"]
        )
        parts.append(carried)
    if data["quarantined"]:
        parts.append(
            words.count(
                "{number} row in quarantine: {file}",
                "{number} rows in quarantine: {file}",
                data["quarantined"],
                file=data["file"],
            )
        )
    if data.get("compared"):
        named = ", ".join(data["compared"])
        parts.append(words.say("compared with the snapshot: {tables}", tables=named))
    if data.get("not_covered"):
        named = ", ".join(data["not_covered"])
        parts.append(words.say("NOT COVERED, look yourself: {tables}", tables=named))
    return "; ".join(parts)


def rows(number: int, words: Words) -> str:
    return words.count("{number} row", "{number} rows", number)
