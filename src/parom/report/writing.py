"""Puts reports into files. Nothing here may be relied on: all of it can be made anew."""

from __future__ import annotations

import json
from datetime import tzinfo
from pathlib import Path

from parom.durable import write_atomically
from parom.report.html import as_html
from parom.report.markdown import as_markdown
from parom.report.pages.whole import document_of
from parom.report.record import DeploymentReport
from parom.words.language import Language

HTML, MARKDOWN, RECORD = "report.html", "report.md", "report.json"
RELEASE_NOTES = "release-notes.md"
_MODE = 0o600


def write_report(
    folder: Path, report: DeploymentReport, language: Language, zone: tzinfo | None
) -> None:
    """The three twins, each whole or as it was before. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = document_of(report, language, zone)
    write_atomically(folder / RECORD, as_json(report).encode(), _MODE)
    write_atomically(folder / MARKDOWN, as_markdown(document).encode(), _MODE)
    write_atomically(folder / HTML, as_html(document).encode(), _MODE)


def as_json(report: DeploymentReport) -> str:
    return json.dumps(report.as_record(), ensure_ascii=False, indent=1) + "\n"
