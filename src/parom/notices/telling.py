"""The notices of a run: a pure function of its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from parom.journal.anchor import short
from parom.journal.told import Told
from parom.message import Topic
from parom.notices.about import About, Setting
from parom.notices.day import closing_of, digest_of, facts_of
from parom.notices.line import shown
from parom.notices.notice import Notice
from parom.notices.particulars import particulars_of
from parom.notices.topics import topics_of
from parom.plan.plan import Kind
from parom.words.language import Words

_OF_DAY = {Topic.CLOSING: closing_of, Topic.DIGEST: digest_of}
_ENDS = frozenset(
    {
        Topic.SUCCESS,
        Topic.ROLLED_BACK,
        Topic.ROLLBACK_FAILED,
        Topic.REFUSED,
        Topic.INCONCLUSIVE,
        Topic.HELD,
        Topic.RECOVERED,
        Topic.CLOSING,
        Topic.DIGEST,
    }
)
_TITLES = {
    Topic.START: "The deployment has started",
    Topic.SUCCESS: "The deployment has finished successfully",
    Topic.FAILURE: "The deployment has failed, rolling back",
    Topic.ROLLBACK: "Rolling back, as a person asked",
    Topic.ROLLED_BACK: "Rolled back: the earlier release runs",
    Topic.ROLLBACK_FAILED: "The rollback has failed and is taken back",
    Topic.REFUSED: "The deployment was refused, nothing was changed",
    Topic.APPROVAL: "The deployment waits for an approval",
    Topic.INCONCLUSIVE: "Deployed, but the watch saw too little: a person must look",
    Topic.HELD: "The deployment is stopped: a person must decide",
    Topic.INTERRUPTED: "The deployment was interrupted: its engine is gone",
    Topic.LATE: "The deployment takes longer than planned",
    Topic.ALARM: "Alarm in the day after the deployment: a person must decide",
    Topic.RECOVERED: "The installation was recovered from a backup",
}


def notices_of(
    about: About, events: Sequence[Told], setting: Setting, words: Words
) -> tuple[Notice, ...]:
    """All that is told of a run up to its last event; what was told stays the same as it grows."""
    return tuple(
        _of_day(about, topic, events[: at + 1], setting, words)
        if topic in _OF_DAY
        else Notice(
            key=f"{about.run_id}:{at}",
            topic=topic,
            title=title_of(topic, words, stop_at, setting),
            lines=tuple(
                shown(line) for line in _lines(about, topic, events[: at + 1], setting, words)
            ),
            number=at,
        )
        for at, topic, stop_at in topics_of(about, events, setting)
    )


def _of_day(
    about: About, topic: Topic, events: Sequence[Told], setting: Setting, words: Words
) -> Notice:
    at = len(events) - 1
    notice = _OF_DAY[topic](facts_of(about.run_id, events[-1].data), setting, words)
    lines = (*notice.lines, *_anchored(topic, events[-1], words))
    return replace(notice, key=f"{about.run_id}:{at}", number=at, lines=lines)


def title_of(topic: Topic, words: Words, stop_at: datetime | None, setting: Setting) -> str:
    if topic is Topic.BEFORE and stop_at is not None:
        local = stop_at.astimezone(setting.zone)
        return words.say("The deployment of the migration starts at {time}", time=f"{local:%H:%M}")
    return words.say(_TITLES[topic])


def _lines(
    about: About, topic: Topic, events: Sequence[Told], setting: Setting, words: Words
) -> list[str]:
    event = events[-1]
    local = datetime.fromisoformat(event.at).astimezone(setting.zone)
    where = words.say(
        "{project}, {environment}", project=setting.project, environment=setting.environment
    )
    lines = [f"{where} · {local:%d.%m.%Y %H:%M:%S %Z}", _what(about, words)]
    if topic in (Topic.BEFORE, Topic.START, Topic.APPROVAL, Topic.ROLLBACK):
        lines += _asked(about, words)
    lines += particulars_of(topic, events, words)
    lines.append(words.say("Run {run}", run=about.run_id))
    return lines + _anchored(topic, event, words)


def _anchored(topic: Topic, event: Told, words: Words) -> list[str]:
    """Where the journal was at the end of a run, beyond the reach of whoever alters it."""
    if topic not in _ENDS or not event.anchor:
        return []
    return [words.say("Journal up to here: {anchor}", anchor=short(event.anchor))]


def _what(about: About, words: Words) -> str:
    if about.kind is Kind.ROLLBACK:
        return words.say("Back to {release}", release=about.release)
    if about.earlier:
        return words.say(
            "{what}: {earlier} → {release}",
            what=about.described,
            earlier=about.earlier,
            release=about.release,
        )
    return f"{about.described}: {about.release}"


def _asked(about: About, words: Words) -> list[str]:
    lines = [words.say("Asked for by {who}", who=about.who)]
    if about.reason:
        lines.append(words.say("Reason: {reason}", reason=about.reason))
    return lines
