"""The texts of the day after a success: the digest on the way, and the closing word.

The day's watch puts the facts together; here they become notices like all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from parom.message import Topic
from parom.notices.about import Setting
from parom.notices.line import shown
from parom.notices.notice import Notice
from parom.words.figures import duration, share, size
from parom.words.language import Words
from parom.words.said import in_words, recorded_all


@dataclass(frozen=True)
class DayFacts:
    """What a day's watch has seen. None: it was not measured, which is not good."""

    run_id: str
    release: str
    at: datetime
    """Aware: up to when it has looked."""
    watched_s: float
    requests: int
    failed: int
    median_s: float | None
    baseline_s: float | None
    new_signatures: int | None
    alarms: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    restarts: int = 0
    memory_most_bytes: int | None = None

    @property
    def is_good(self) -> bool:
        unmeasured = self.median_s is None or self.new_signatures is None
        remarks = self.alarms or self.missing or self.new_signatures or self.restarts
        return not (unmeasured or remarks)


def facts_of(run_id: str, digest: Mapping[str, Any]) -> DayFacts:
    """From the digest as the journal has it (`parom.day.digest`)."""
    return DayFacts(
        run_id=run_id,
        release=str(digest["release"]),
        at=datetime.fromtimestamp(digest["at"], UTC),
        watched_s=float(digest["watched_s"]),
        requests=int(digest["requests"]),
        failed=int(digest["failed"]),
        median_s=digest["median_s"],
        baseline_s=digest["median_before_s"],
        new_signatures=digest["new_signatures"],
        alarms=recorded_all(digest, "alarms"),
        missing=recorded_all(digest, "missing"),
        restarts=sum(times for _, times in digest["restarts"]),
        memory_most_bytes=digest["memory_most_bytes"],
    )


def closing_of(facts: DayFacts, setting: Setting, words: Words) -> Notice:
    """The last word of a deployment, 24 hours after it."""
    title = words.say(
        "24 hours after the deployment: nothing to remark"
        if facts.is_good
        else "24 hours after the deployment: a person should look"
    )
    return _notice(Topic.CLOSING, title, facts, setting, words)


def digest_of(facts: DayFacts, setting: Setting, words: Words) -> Notice:
    """How it has gone so far."""
    so_far = duration(words, facts.watched_s)
    title = words.say("After the deployment: digest of the first {time}", time=so_far)
    return _notice(Topic.DIGEST, title, facts, setting, words)


def _notice(topic: Topic, title: str, facts: DayFacts, setting: Setting, words: Words) -> Notice:
    local = facts.at.astimezone(setting.zone)
    head = f"{setting.project}, {setting.environment} · {local:%d.%m.%Y %H:%M:%S %Z}"
    lines = [head, words.say("Release {release}", release=facts.release), *_seen(facts, words)]
    lines += [words.say("Alarm: {what}", what=in_words(one, words)) for one in facts.alarms]
    lines += [words.say("Not seen: {what}", what=in_words(one, words)) for one in facts.missing]
    lines.append(words.say("Run {run}", run=facts.run_id))
    key = f"{facts.run_id}:{topic.value}:{int(facts.watched_s)}"
    return Notice(key, topic, title, tuple(map(shown, lines)), number=-1)


def _seen(facts: DayFacts, words: Words) -> list[str]:
    failed = share(words, facts.failed / facts.requests) if facts.requests else "-"
    lines = [
        words.say("Watched for {time}", time=duration(words, facts.watched_s)),
        words.say("Requests: {n}, failed: {share}", n=facts.requests, share=failed),
    ]
    if facts.median_s is None:
        lines.append(words.say("Not seen: {what}", what=words.say("response times")))
    elif facts.baseline_s is None:
        lines.append(words.say("Median answer: {time}", time=duration(words, facts.median_s)))
    else:
        now, before = duration(words, facts.median_s), duration(words, facts.baseline_s)
        lines.append(words.say("Median answer: {time}, before: {before}", time=now, before=before))
    if facts.new_signatures is None:
        lines.append(words.say("Not seen: {what}", what=words.say("the logs")))
    else:
        lines.append(words.say("New errors in the logs: {n}", n=facts.new_signatures))
    if facts.restarts:
        lines.append(words.say("Services started again by themselves: {n}", n=facts.restarts))
    if facts.memory_most_bytes is not None:
        used = size(words, facts.memory_most_bytes)
        lines.append(words.say("Memory at most: {size}", size=used))
    return lines
