"""From a run's events to letters in the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from parom.journal import outbox
from parom.journal.models import Event, Followed
from parom.journal.told import Told
from parom.notices.about import About, Setting, about_of
from parom.notices.board import board_of, thread_lines
from parom.notices.notice import Notice
from parom.notices.routes import Place
from parom.notices.telling import notices_of
from parom.words.language import Words


@dataclass(frozen=True)
class Composer:
    """Writes the letters of runs."""

    setting: Setting
    words: Words
    places: Sequence[Place]

    def compose(self, run_id: str, now: datetime) -> None:
        """Letters for what happened since the last call; how far it came is kept with them."""
        followed = Followed.objects.get(run_id=run_id)
        rows = Event.objects.filter(run_id=run_id).exclude(kind__startswith="notice-")
        if rows.count() <= followed.composed:
            return
        events = [one.told() for one in rows.order_by("number")]
        about = about_of(run_id, events)
        with transaction.atomic():
            if about is not None:
                self._put(about, events, followed.composed, now)
            Followed.objects.filter(run_id=run_id).update(composed=len(events))

    def _put(self, about: About, events: Sequence[Told], known: int, now: datetime) -> None:
        notices = notices_of(about, events, self.setting, self.words)
        for place in self.places:
            if place.has_board:
                message = board_of(about, events, notices, self.setting, self.words)
                key = f"{about.run_id}:{outbox.BOARD}"
                outbox.rewrite(place.name, key, about.run_id, outbox.BOARD, message, now)
                self._put_in_thread(place, about, events, notices, known, now, key)
                continue
            for one in notices:
                if one.number >= known and one.topic in place.takes:
                    self._put_notice(place, about, one, now)

    def _put_in_thread(
        self,
        place: Place,
        about: About,
        events: Sequence[Told],
        notices: Sequence[Notice],
        known: int,
        now: datetime,
        board: str,
    ) -> None:
        """Lines and notices in the order in which they happened, lines together."""
        told = {one.number: one for one in notices if one.number >= known}
        lines = {
            number: line
            for number, line in thread_lines(events, self.setting, self.words)
            if number >= known
        }
        for number in sorted(told.keys() | lines.keys()):
            if number in lines:
                key = f"{about.run_id}:{outbox.STEPS}:{number}"
                outbox.append_lines(place.name, key, about.run_id, [lines[number]], now, board)
            if number in told:
                self._put_notice(place, about, told[number], now, board)

    def _put_notice(
        self, place: Place, about: About, notice: Notice, now: datetime, under: str = ""
    ) -> None:
        message = replace(notice.as_message(), is_loud=notice.topic in place.loud)
        if not place.has_board:
            where = f"[{self.setting.project} {self.setting.environment}]"
            message = replace(message, title=f"{message.title} {where}")
        outbox.put(place.name, notice.key, about.run_id, notice.topic.value, message, now, under)
