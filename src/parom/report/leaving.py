"""The report that a run leaves in its folder, and the installation's release notes."""

from __future__ import annotations

import traceback

from parom.config.model import Config
from parom.durable import write_atomically
from parom.journal import chain
from parom.journal.models import Run

_LONGEST = 4000


def leave_report(config: Config, run_id: str) -> None:
    """Write both anew from the journal. Never raises: what a run did does not hang on paper.

    What went wrong is an event, where at least the journal can be written.
    """
    try:
        _write(config, Run.objects.get(id=run_id))
    except Exception as problem:  # noqa: BLE001 - see above
        _tell(run_id, problem)


def _write(config: Config, run: Run) -> None:
    # Not before it is needed: a rollback must begin at once.
    from parom.report.deriving import report_of
    from parom.report.pages.release_notes import release_notes_page
    from parom.report.reading import release_notes_of, sources_of, zone_of
    from parom.report.writing import RELEASE_NOTES, write_report
    from parom.words.language import Language

    language, zone = Language(config.project.language), zone_of(config)
    report = report_of(sources_of(run, config))
    write_report(config.state / "runs" / run.id, report, language, zone)
    if run.state == "finished":
        entries = release_notes_of(config)
        page = release_notes_page(config.project.name, entries, language, zone)
        write_atomically(config.state / RELEASE_NOTES, page.encode(), 0o600)


def _tell(run_id: str, problem: Exception) -> None:
    text = "".join(traceback.format_exception(problem))
    fact = f"{type(problem).__name__}: {problem}"[:500]
    try:
        chain.append(run_id, "report-failed", "", {"fact": fact, "traceback": text[-_LONGEST:]})
    except Exception:  # noqa: BLE001 - the disk is full, maybe; the engine's own log has it
        traceback.print_exc()
