"""What can be wrong with rows in quarantine, and with putting them back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def unknown(run_id: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "quarantine.unknown",
        said(
            'There is no quarantine of a run "{run_id}". The last ones: {known}.',
            run_id=run_id[:60],
            known=", ".join(known) or said("none"),
        ),
        said("`parom quarantine list` shows them."),
        exit_code=ExitCode.USAGE,
    )


def incomplete(run_id: str, folder: Path) -> ParomError:
    return ParomError(
        "quarantine.incomplete",
        said("The rows of {run_id} are not complete in {folder}.", run_id=run_id, folder=folder),
        said("Its return did not end: `parom status` says whether it is to be carried on."),
    )


def damaged(file: Path, number: int, first: int) -> ParomError:
    return ParomError(
        "quarantine.damaged",
        said(
            "{number} lines of {file} cannot be read, the first of them is line {first}.",
            number=number,
            file=file,
            first=first,
        ),
        said(
            "What can be read was shown. A copy of the file may be in a backup of the machine; "
            "the newer database itself is kept until the vault's retention."
        ),
    )


def record_damaged(file: Path, reason: str) -> ParomError:
    return ParomError(
        "quarantine.record-damaged",
        said(
            "{file}, which says what was put back already, cannot be read: {reason}.",
            file=file,
            reason=reason,
        ),
        said("Restore it, or move it away once you know which rows are back. Nothing was changed."),
    )
