"""The whole report in words; its table of contents."""

from __future__ import annotations

from datetime import tzinfo

from parom.journal.anchor import short
from parom.report.document import Document
from parom.report.pages.checklists import checklists
from parom.report.pages.day_after import day_after
from parom.report.pages.heading import asked, summary, title_of, verdict_of
from parom.report.pages.lines_of_time import timeline, times
from parom.report.pages.measurements import criteria, measurements
from parom.report.pages.next_time import next_time
from parom.report.pages.particulars import backups, release_notes, warnings
from parom.report.pages.reader import Reader
from parom.report.pages.way_back import way_back
from parom.report.record import DeploymentReport
from parom.words.language import Language, Words


def document_of(report: DeploymentReport, language: Language, zone: tzinfo | None) -> Document:
    """The report in one language, with times as a clock in `zone` shows them (None: here)."""
    reader = Reader(Words(language), zone)
    verdict, tone = verdict_of(report, reader)
    sections = (
        summary(report, reader),
        asked(report, reader),
        checklists(report, reader),
        times(report, reader),
        timeline(report, reader),
        measurements(report, reader),
        criteria(report, reader),
        way_back(report, reader),
        day_after(report, reader),
        backups(report, reader),
        warnings(report, reader),
        next_time(report, reader),
        release_notes(report, reader),
    )
    return Document(
        language=language.value,
        title=title_of(report, reader),
        subtitle=f"{report.project} · {report.environment}",
        verdict=verdict,
        tone=tone,
        sections=tuple(one for one in sections if one is not None),
        foot=_foot(report, reader),
    )


def _foot(report: DeploymentReport, reader: Reader) -> tuple[str, ...]:
    offset, anchor = reader.offset(report.asked.at), short(report.anchor)
    return (
        reader.say("Run {run}. Times are {offset}.", run=report.run_id, offset=offset),
        reader.say("Derived from the journal; `parom journal verify` says whether it is whole."),
        *([reader.say("Journal up to here: {anchor}", anchor=anchor)] if anchor else []),
    )
