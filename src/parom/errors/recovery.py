"""What can be wrong when an installation is rebuilt from a backup."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def no_backup(vault: Path) -> ParomError:
    return ParomError(
        "recovery.no-backup",
        said("There is no complete backup in {vault}.", vault=vault),
        said("Name the folder that was vault.path. Nothing was changed."),
    )


def not_empty(root: Path) -> ParomError:
    return ParomError(
        "recovery.not-empty",
        said("{root} is not empty, and no recovery was begun there.", root=root),
        said("Name an empty folder with --to, or one that is not there yet. Nothing was changed."),
    )


def other_backup(root: Path, begun: str, asked: str) -> ParomError:
    return ParomError(
        "recovery.other-backup",
        said(
            "The recovery that was begun in {root} is that of backup {begun}, not of {asked}.",
            root=root,
            begun=begun,
            asked=asked,
        ),
        said(
            "Name {begun}, or delete {root} and begin anew. Nothing was changed.",
            begun=begun,
            root=root,
        ),
    )


def not_recoverable(backup_id: str, lacking: Sequence[str]) -> ParomError:
    return ParomError(
        "recovery.incomplete-backup",
        said(
            "Backup {backup_id} lacks what an installation is rebuilt from: {lacking}.",
            backup_id=backup_id,
            lacking=", ".join(lacking),
        ),
        said(
            "Restore its parts with `parom backup restore --into`, or use a newer "
            "backup. Nothing was changed."
        ),
    )


def not_rewritten(key: str) -> ParomError:
    return ParomError(
        "recovery.config-not-rewritten",
        said(
            "{key} in the backup's parom.toml is not written in a form that can be changed.",
            key=key,
        ),
        said(
            "Restore the part `configuration` with `parom backup restore --into`, "
            "correct it by hand, and name it with --config."
        ),
        exit_code=ExitCode.USAGE,
    )


def config_exists(path: Path) -> ParomError:
    return ParomError(
        "recovery.config-exists",
        said("{path} is there already, and is not that of this recovery.", path=path),
        said("Name another file with the option --write-config. Nothing was changed."),
    )


def file_in_the_way(path: Path) -> ParomError:
    return ParomError(
        "recovery.file-in-the-way",
        said(
            "{path} belongs to the backup, lies outside the installation, and is there "
            "already with another content.",
            path=path,
        ),
        said("Compare the two, move that one away, and repeat the command."),
    )


def no_room(path: Path, needed: int, free: int) -> ParomError:
    return ParomError(
        "recovery.no-room",
        said(
            "{path} has {free} MiB free; the backup needs {needed} MiB there.",
            path=path,
            free=free >> 20,
            needed=-(-needed // (1 << 20)),
        ),
        said("Free some space, or name a folder on a larger disk. Nothing was changed."),
        can_retry=True,
    )
