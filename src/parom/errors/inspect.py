"""What `parom init` can meet in a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def not_django(folder: Path, reason: str) -> ParomError:
    return ParomError(
        "inspect.not-django",
        said("{folder} holds no Django project: {reason}.", folder=folder, reason=reason),
        said(
            "Run `parom init` in the folder of manage.py or in the one above. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def several_projects(folder: Path, found: Sequence[str]) -> ParomError:
    return ParomError(
        "inspect.several-projects",
        said(
            "{folder} holds several Django projects: {found}.",
            folder=folder,
            found=", ".join(found),
        ),
        said("Run `parom init` in the folder of the one that is meant. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def configuration_exists(path: Path) -> ParomError:
    return ParomError(
        "init.exists",
        said("{path} is there already, and it is not overwritten.", path=path),
        said("Edit it, or let it be replaced with --force. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def cannot_write(path: Path, reason: str) -> ParomError:
    return ParomError(
        "init.cannot-write",
        said("{path} cannot be written: {reason}.", path=path, reason=reason),
        said("Name another file with --config, or correct the permissions. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def no_recipient() -> ParomError:
    return ParomError(
        "init.no-recipient",
        said("Nobody could open the backups: there is no key to encrypt them to."),
        said(
            "Make one with --new-key FILE (keep the file away from the server), or name "
            "the team's public key with --recipient age1... Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def key_in_project(path: Path, folder: Path) -> ParomError:
    return ParomError(
        "init.key-in-project",
        said(
            "{path} would lie in {folder}, and go with it wherever that is copied.",
            path=path,
            folder=folder,
        ),
        said("Name a file elsewhere, such as ~/parom-key.txt. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def bad_setting(text: str, why: str) -> ParomError:
    return ParomError(
        "init.bad-setting",
        said('--set "{text}" cannot be used: {why}.', text=text, why=why),
        said(
            "Write it as TABLE.KEY=VALUE, such as services.bind=127.0.0.1:9000; `parom "
            "check` and docs/reference/configuration.md know the keys. Nothing was "
            "changed."
        ),
        exit_code=ExitCode.USAGE,
    )
