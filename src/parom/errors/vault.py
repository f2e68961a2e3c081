"""What can be wrong with backups and the keys to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def no_recipients() -> ParomError:
    return ParomError(
        "vault.no-recipients",
        said("There is no public key to encrypt backups to."),
        said("Add an age public key (age1...) to vault.recipients. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def bad_recipient(recipient: str) -> ParomError:
    return ParomError(
        "vault.bad-recipient",
        said(
            '"{recipient}" in vault.recipients is not an age public key.', recipient=recipient[:80]
        ),
        said(
            "It starts with age1 and is printed by `parom init` and by `age-keygen -y`. "
            "Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def identity_missing(path: Path) -> ParomError:
    return ParomError(
        "vault.identity-missing",
        said("There is no identity (private key) at {path}.", path=path),
        said(
            "Name the file with --identity; it lies where the team keeps it, not on the "
            "server. Nothing was changed."
        ),
    )


def identity_bad(path: Path, why: str) -> ParomError:
    return ParomError(
        "vault.identity-bad",
        said("{path} is not an age identity: {why}.", path=path, why=why),
        said("An identity is one line that starts with AGE-SECRET-KEY-1. Nothing was changed."),
    )


def identity_wrong(backup_id: str, recipients: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.identity-wrong",
        said(
            "This identity does not open backup {backup_id}; it was made for {recipients}.",
            backup_id=backup_id,
            recipients=", ".join(recipients),
        ),
        said("Use the identity of one of these. Nothing was changed."),
    )


def identity_exists(path: Path) -> ParomError:
    return ParomError(
        "vault.identity-exists",
        said("There is an identity at {path} already, and it is not overwritten.", path=path),
        said(
            "Use it (`--recipient` with its public key), or name another file. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def identity_unwritable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.identity-unwritable",
        said("The identity cannot be written to {path}: {reason}.", path=path, reason=reason),
        said(
            "Name a file in a folder that is there and that you may write to. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def unknown_backup(backup_id: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.unknown-backup",
        said(
            'The vault has no complete backup "{backup_id}". It has: {known}.',
            backup_id=backup_id,
            known=", ".join(known[-5:]) or said("none"),
        ),
        said("`parom backup list` shows all. Nothing was changed."),
    )


def damaged(backup_id: str, what: str) -> ParomError:
    return ParomError(
        "vault.damaged",
        said("Backup {backup_id} is damaged: {what}.", backup_id=backup_id, what=what),
        said(
            "Use another backup (`parom backup list`), and look at the disk. Nothing was changed."
        ),
    )


def not_verified(backup_id: str, what: str) -> ParomError:
    return ParomError(
        "vault.not-verified",
        said(
            "Backup {backup_id} was restored to compare it, and it differs: {what}.",
            backup_id=backup_id,
            what=what,
        ),
        said("It does not count as a backup and was removed. Try again; look at disk and memory."),
        can_retry=True,
    )


def disk_full(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.disk-full",
        said("There is no room in {path}: {reason}.", path=path, reason=reason),
        said("Free some space there and try again. What was begun was removed."),
        can_retry=True,
    )


def not_writable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.not-writable",
        said("{path} cannot be used: {reason}.", path=path, reason=reason),
        said("Give this user the right to it, or name another folder. What was begun was removed."),
    )


def not_empty(path: Path) -> ParomError:
    return ParomError(
        "vault.not-empty",
        said("{path} is there already; a backup is restored to where nothing is.", path=path),
        said("Name another folder. Nothing was changed."),
    )


def unknown_part(backup_id: str, name: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.unknown-part",
        said(
            'Backup {backup_id} has no part "{name}"; it has: {known}.',
            backup_id=backup_id,
            name=name,
            known=", ".join(known),
        ),
        said("Name one of these with --part. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )
