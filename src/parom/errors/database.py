"""What can be wrong with the application's database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.facts import Process
from parom.words.said import joined, said


def unreachable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "database.unreachable",
        said("The database {path} cannot be opened: {reason}.", path=path, reason=reason),
        said("Correct database.path in parom.toml; `parom doctor` shows what the settings say."),
    )


def damaged(path: Path, reason: str) -> ParomError:
    return ParomError(
        "database.damaged",
        said("{path} is not a whole SQLite database: {reason}.", path=path, reason=reason),
        said("Do not deploy. Restore a backup (`parom backup list`), or have the file looked at."),
    )


def held(holders: Sequence[Process]) -> ParomError:
    named = named_all(holders)
    return ParomError(
        "database.held",
        said("Processes that Parom did not start hold the database open: {named}.", named=named),
        said("End them, or let Parom know them as services, and deploy again."),
        can_retry=True,
    )


def busy(path: Path) -> ParomError:
    return ParomError(
        "database.busy",
        said(
            "The write-ahead log of {path} could not be merged: somebody is using the database.",
            path=path,
        ),
        said("End who uses it (`parom doctor` names them) and try again."),
        can_retry=True,
    )


def locked(path: Path) -> ParomError:
    return ParomError(
        "database.locked",
        said(
            "{path} stayed locked by somebody who is writing it, so that it could not be read.",
            path=path,
        ),
        said("End that long write (`parom doctor` names who has it open) and try again."),
        can_retry=True,
    )


def disk_full(path: Path | str, reason: str) -> ParomError:
    return ParomError(
        "database.disk-full",
        said("{path} could not be written: {reason}.", path=path, reason=reason),
        said(
            "Free some space on that file system and try again; nothing of the live "
            "database changed."
        ),
        can_retry=True,
    )


def in_the_way(path: Path) -> ParomError:
    return ParomError(
        "database.in-the-way",
        said("A database is at {path} already, and is not replaced by a restored one.", path=path),
        said("Move it away, if it is not wanted, and repeat the command. Nothing was changed."),
    )


def no_swap(path: Path, store: Path, reason: str) -> ParomError:
    return ParomError(
        "database.no-swap",
        said(
            "The database {path} cannot be linked into {store}, from where it would be "
            "swapped: {reason}.",
            path=path,
            store=store,
            reason=reason,
        ),
        said(
            "Keep both on one file system, in folders that Parom may write: move the "
            "database file, with the application stopped, and leave a link to it. "
            "Nothing was changed."
        ),
    )


def no_link(path: Path) -> ParomError:
    return ParomError(
        "database.no-link",
        said("{path} is a file where Parom's link should be; it is not overwritten.", path=path),
        said("Look who put it there. `parom rollback` and `parom deploy` keep it as a version."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def no_version(database_id: str, store: Path) -> ParomError:
    return ParomError(
        "database.no-version",
        said(
            "The database {database_id} is not in {store}, so it was not made live.",
            database_id=database_id,
            store=store,
        ),
        said("What is live stays. Make a backup of it now: `parom backup create`."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def not_comparable(table: str, reason: str) -> ParomError:
    return ParomError(
        "database.not-comparable",
        said(
            'The table "{table}" cannot be compared with the snapshot: {reason}.',
            table=table,
            reason=reason,
        ),
        said("Look into the database that was replaced; it is kept until retention."),
    )


def not_carried(reason: str) -> ParomError:
    return ParomError(
        "database.not-carried",
        said(
            "What was written since the opening could not be carried onto the older database: "
            "{reason}.",
            reason=reason,
        ),
        said("Every row is in quarantine; the older database is as it was at the stop."),
    )


def ids_not_kept(reason: str) -> ParomError:
    return ParomError(
        "database.ids-not-kept",
        said(
            "Which ids the newer database gave out could not be taken over: {reason}.",
            reason=reason,
        ),
        said("Look into the database that was replaced before new rows get the same ids."),
    )


def no_row_name(table: str) -> ParomError:
    return ParomError(
        "database.no-row-name",
        said(
            'Rows of the table "{table}" cannot be named: it has no primary key without '
            "NULLs, and its columns take all names of the rowid.",
            table=table,
        ),
        said("Give it a primary key. Nothing was changed."),
    )


def named_all(processes: Iterable[Process]) -> str:
    """Processes as a person would name them."""
    return joined(
        [joined([f"{one.name} (pid {one.pid}: ", one.command, ")"], "") for one in processes],
        ", ",
    )
