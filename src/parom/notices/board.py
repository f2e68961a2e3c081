"""The one message of a deployment that is edited as it goes on, and the lines of its thread."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from parom.journal.told import Told
from parom.message import Message, Tone
from parom.notices.about import About, Setting
from parom.notices.line import shown
from parom.notices.notice import Notice
from parom.words.figures import clock
from parom.words.language import Words
from parom.words.said import in_words, recorded
from parom.words.titles import done


def board_of(
    about: About,
    events: Sequence[Told],
    notices: Sequence[Notice],
    setting: Setting,
    words: Words,
) -> Message:
    """What the message says now: the last notice, and how far the run is."""
    what = words.say(
        "{project}, {environment}: {what}",
        project=setting.project,
        environment=setting.environment,
        what=about.described,
    )
    last = notices[-1] if notices else None
    lines = [what, words.say("Asked for by {who}", who=about.who)]
    lines += [_moment(one, events, setting) for one in notices]
    if not _is_over(events):
        lines += [line for _, line in list(thread_lines(events, setting, words))[-1:]]
    title = last.title if last else words.say("The deployment is prepared")
    tone = last.as_message().tone if last else Tone.INFO
    return Message(title, tuple(map(shown, lines)), tone)


def thread_lines(
    events: Sequence[Told], setting: Setting, words: Words
) -> Iterator[tuple[int, str]]:
    """(number of the event, line) for each step that was done, failed or taken back."""
    for number, event in enumerate(events):
        title = words.say(done(event.step)) if event.step else ""
        at = clock(event.at, setting.zone)
        match event.kind:
            case "ok":
                yield number, f"{at} ✓ {title}"
            case "undone":
                yield number, f"{at} ↩ {words.say('taken back: {what}', what=title)}"
            case "failed" | "undo-failed":
                said = in_words(recorded(event.data, "fact"), words)
                fact = f"{said} [{event.data['id']}]"
                yield number, shown(f"{at} ✗ {title}: {fact}")
            case "approved":
                yield number, f"{at} ✓ {words.say('approved by {who}', who=event.data['who'])}"


def _moment(notice: Notice, events: Sequence[Told], setting: Setting) -> str:
    at = datetime.fromisoformat(events[notice.number].at).astimezone(setting.zone)
    return f"{at:%H:%M:%S} {notice.title}"


def _is_over(events: Sequence[Told]) -> bool:
    ends = [one.kind for one in events if one.kind in ("finished", "held", "engine", "engine-gone")]
    return bool(ends) and ends[-1] != "engine"
