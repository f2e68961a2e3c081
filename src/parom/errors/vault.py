"""What can be wrong with backups and the keys to them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def no_recipients() -> ParomError:
    return ParomError(
        "vault.no-recipients",
        "There is no public key to encrypt backups to.",
        "Add an age public key (age1...) to vault.recipients. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def bad_recipient(recipient: str) -> ParomError:
    return ParomError(
        "vault.bad-recipient",
        f'"{recipient[:80]}" in vault.recipients is not an age public key.',
        "It starts with age1 and is printed by `parom init` and by `age-keygen -y`. "
        "Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def identity_missing(path: Path) -> ParomError:
    return ParomError(
        "vault.identity-missing",
        f"There is no identity (private key) at {path}.",
        "Name the file with --identity; it lies where the team keeps it, not on the server. "
        "Nothing was changed.",
    )


def identity_bad(path: Path, why: str) -> ParomError:
    return ParomError(
        "vault.identity-bad",
        f"{path} is not an age identity: {why}.",
        "An identity is one line that starts with AGE-SECRET-KEY-1. Nothing was changed.",
    )


def identity_wrong(backup_id: str, recipients: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.identity-wrong",
        f"This identity does not open backup {backup_id}; it was made for {', '.join(recipients)}.",
        "Use the identity of one of these. Nothing was changed.",
    )


def identity_exists(path: Path) -> ParomError:
    return ParomError(
        "vault.identity-exists",
        f"There is an identity at {path} already, and it is not overwritten.",
        "Use it (`--recipient` with its public key), or name another file. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def identity_unwritable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.identity-unwritable",
        f"The identity cannot be written to {path}: {reason}.",
        "Name a file in a folder that is there and that you may write to. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def unknown_backup(backup_id: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.unknown-backup",
        f'The vault has no complete backup "{backup_id}". '
        f"It has: {', '.join(known[-5:]) or 'none'}.",
        "`parom backup list` shows all. Nothing was changed.",
    )


def damaged(backup_id: str, what: str) -> ParomError:
    return ParomError(
        "vault.damaged",
        f"Backup {backup_id} is damaged: {what}.",
        "Use another backup (`parom backup list`), and look at the disk. Nothing was changed.",
    )


def not_verified(backup_id: str, what: str) -> ParomError:
    return ParomError(
        "vault.not-verified",
        f"Backup {backup_id} was restored to compare it, and it differs: {what}.",
        "It does not count as a backup and was removed. Try again; look at disk and memory.",
        can_retry=True,
    )


def disk_full(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.disk-full",
        f"There is no room in {path}: {reason}.",
        "Free some space there and try again. What was begun was removed.",
        can_retry=True,
    )


def not_writable(path: Path, reason: str) -> ParomError:
    return ParomError(
        "vault.not-writable",
        f"{path} cannot be used: {reason}.",
        "Give this user the right to it, or name another folder. What was begun was removed.",
    )


def not_empty(path: Path) -> ParomError:
    return ParomError(
        "vault.not-empty",
        f"{path} is there already; a backup is restored to where nothing is.",
        "Name another folder. Nothing was changed.",
    )


def unknown_part(backup_id: str, name: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "vault.unknown-part",
        f'Backup {backup_id} has no part "{name}"; it has: {", ".join(known)}.',
        "Name one of these with --part. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )
