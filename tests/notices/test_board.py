"""The one message of a deployment, and its thread."""

from __future__ import annotations

from parom.journal.told import Told
from parom.message import Tone
from parom.notices.about import about_of
from parom.notices.board import board_of, thread_lines
from parom.notices.telling import notices_of
from parom.words.language import Language, Words
from tests.notices.run import CUT_OVER, PREPARED, SETTING, at, error, started

WORDS = Words(Language.ENGLISH)


def board(*events: Told) -> tuple[str, tuple[str, ...], Tone]:
    about = about_of("run", events)
    assert about is not None
    notices = notices_of(about, events, SETTING, WORDS)
    message = board_of(about, events, notices, SETTING, WORDS)
    return message.title, message.lines, message.tone


def test_it_says_how_far_it_is_and_at_the_end_what_happened() -> None:
    """Whoever looks at the channel later reads one message, not thirty."""
    title, lines, tone = board(started(), *PREPARED)
    assert (title, tone) == ("The deployment is prepared", Tone.INFO)
    assert lines[-1] == "09:40:03 ✓ Crossing and return rehearsed"
    title, lines, tone = board(
        started(), *PREPARED, *CUT_OVER, at(2000, "finished", "", exit_code=0, outcome="deployed")
    )
    assert (title, tone) == ("The deployment has finished successfully", Tone.SUCCESS)
    assert lines[2:] == (
        "10:00:00 The deployment has started",
        "10:13:20 The deployment has finished successfully",
    )


def test_the_thread_has_every_step_and_why_one_failed() -> None:
    events = (
        started(),
        *PREPARED,
        at(1250, "failed", "database.migrate", **error(fact="No such column.")),
        at(1260, "undone", "services.stop"),
    )
    assert [line for _, line in thread_lines(events, SETTING, WORDS)] == [
        "09:40:02 ✓ New code judged",
        "09:40:03 ✓ Crossing and return rehearsed",
        "10:00:50 ✗ Database migrated: No such column. [checks.failed]",
        "10:01:00 ↩ taken back: Services stopped",
    ]
