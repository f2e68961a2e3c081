"""The notices of a run: a pure function of its events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from parom.journal.told import Told
from parom.masking import without_credentials
from parom.message import Topic
from parom.notices.about import About, Setting
from parom.notices.notice import Notice
from parom.notices.particulars import particulars_of
from parom.notices.topics import topics_of
from parom.plan.plan import Kind
from parom.words.language import Words

_LONGEST = 400
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
    Topic.RECOVERED: "The installation was recovered from a backup",
}


def notices_of(
    about: About, events: Sequence[Told], setting: Setting, words: Words
) -> tuple[Notice, ...]:
    """All that is told of a run up to its last event; what was told stays the same as it grows."""
    return tuple(
        Notice(
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


def title_of(topic: Topic, words: Words, stop_at: datetime | None, setting: Setting) -> str:
    if topic is Topic.BEFORE and stop_at is not None:
        local = stop_at.astimezone(setting.zone)
        return words.say("The deployment of the migration starts at {time}", time=f"{local:%H:%M}")
    return words.say(_TITLES[topic])


def shown(text: str) -> str:
    """One line without credentials, of a length that is read."""
    line = " ".join(without_credentials(text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


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
    return lines


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
