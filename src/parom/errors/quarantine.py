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


def unknown_origin(run_id: str) -> ParomError:
    return ParomError(
        "quarantine.unknown-origin",
        said(
            "The journal does not know {run_id}, so nobody knows what it took back.", run_id=run_id
        ),
        said("Put the rows back by hand: `parom quarantine show {run_id} --json`.", run_id=run_id),
    )


def between(run_id: str, missing: Sequence[str]) -> ParomError:
    return ParomError(
        "quarantine.between",
        said(
            "Some of the migrations that {run_id} took back are applied now, and others are not: "
            "{missing}. Nobody knows how the tables differ from either release's.",
            run_id=run_id,
            missing=", ".join(missing) or said("none"),
        ),
        said("Apply them all, by a deployment, or put the rows back by hand. Nothing was changed."),
    )


def schema_changed(file: Path | str) -> ParomError:
    return ParomError(
        "quarantine.schema-changed",
        said("Somebody changed the tables of {file} while rows were put back.", file=file),
        said(
            "What was put back until then is recorded. Wait until that is done, and give the "
            "command again."
        ),
        exit_code=ExitCode.NEEDS_PERSON,
        can_retry=True,
    )


def not_written(file: Path | str, reason: str) -> ParomError:
    return ParomError(
        "quarantine.not-written",
        said("{file} could not be written to: {reason}.", file=file, reason=reason),
        said(
            "What was put back until then is recorded. Remove the cause, and give the command "
            "again."
        ),
        exit_code=ExitCode.NEEDS_PERSON,
        can_retry=True,
    )


def no_such_row(run_id: str) -> ParomError:
    return ParomError(
        "quarantine.no-such-row",
        said("The quarantine of {run_id} has no such rows.", run_id=run_id),
        said(
            "`parom quarantine show {run_id}` has the tables, and the rows as --key takes them. "
            "Nothing was changed.",
            run_id=run_id,
        ),
        exit_code=ExitCode.USAGE,
    )
