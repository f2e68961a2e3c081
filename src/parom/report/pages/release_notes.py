"""All release notes of an installation, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from parom.report.pages.particulars import notes_entry
from parom.report.pages.reader import Reader
from parom.report.record import ReleaseNotes
from parom.words.language import Language, Words


def release_notes_page(
    project: str, entries: Sequence[ReleaseNotes], language: Language, zone: tzinfo | None
) -> str:
    """The whole file, made anew each time: what is in it comes from the journal."""
    reader = Reader(Words(language), zone)
    head = reader.say("# Releases of {project}", project=project)
    said = reader.say("Written by Parom from its journal after each run; changes are not kept.")
    return "\n\n".join([head, said, *(notes_entry(one, reader) for one in entries)]) + "\n"
