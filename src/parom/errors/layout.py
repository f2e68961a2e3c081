"""What can be wrong with how releases lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError

_SHOWN = 10


def no_application(root: Path) -> ParomError:
    return ParomError(
        "layout.no-application",
        f"Nothing is installed in {root}.",
        "Correct project.root, or deploy to install the first release. Nothing was changed.",
    )


def unknown_release(release_id: str, releases: Path) -> ParomError:
    return ParomError(
        "layout.unknown-release",
        f'There is no complete release "{release_id}" in {releases}.',
        "`parom history` lists the releases. Nothing was changed.",
    )


def bad_release_id(release_id: str) -> ParomError:
    return ParomError(
        "layout.bad-release-id",
        f'"{release_id}" cannot be the name of a release.',
        "Letters, digits, dots, dashes and underscores may stand in it. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def current_release(release_id: str) -> ParomError:
    return ParomError(
        "layout.current-release",
        f'Release "{release_id}" is the one that runs, and cannot be removed.',
        "Switch to another release first. Nothing was changed.",
    )


def foreign_current(link: Path, found: str) -> ParomError:
    return ParomError(
        "layout.foreign-current",
        f"{link} should be a link to a folder of releases/, but {found}.",
        "Let it point to the release that runs, or remove it if none does. Nothing was changed.",
    )


def bad_shared_name(name: str) -> ParomError:
    return ParomError(
        "layout.bad-shared-name",
        f'"{name}" in release.shared is not a path inside a release.',
        "Name files and folders relative to the release's top. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def shared_in_code(name: str, release: Path) -> ParomError:
    return ParomError(
        "layout.shared-in-code",
        f'"{name}" is shared by all releases, but the code in {release} brings one of its own.',
        "Remove it from the source, or from release.shared in parom.toml, and deploy again. "
        "What runs was not changed.",
    )


def modified_files(root: Path, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.modified-files",
        f"{len(paths)} file(s) in {root} differ from the release that is recorded as running: "
        f"{shown}.",
        "What the application itself writes belongs into release.shared in parom.toml. What a "
        f"person changed belongs into the source; then delete {root}/.parom/current.json, and "
        "what lies there now is kept as a release before the next deployment. "
        "Nothing was changed.",
    )


def changing(root: Path, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.changing",
        f"{len(paths)} file(s) in {root} changed while they were copied: {shown}.",
        "What the application itself writes belongs into release.shared in parom.toml. "
        "Nothing was changed.",
        can_retry=True,
    )


def interrupted_switch(earlier: str, target: str) -> ParomError:
    return ParomError(
        "layout.interrupted-switch",
        f'The switch from "{earlier or "nothing"}" to "{target}" was interrupted and is half done.',
        "`parom resume` finishes it, `parom rollback` takes it back.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def damaged_release(release_id: str, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.damaged-release",
        f'Release "{release_id}" is not what it was when it was recorded: {shown}.',
        "Restore it from its backup, or go to another release. What runs was not changed.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def unreadable_record(path: Path, reason: str) -> ParomError:
    return ParomError(
        "layout.unreadable-record",
        f"{path} cannot be read: {reason}.",
        "Restore it from a backup of the installation's .parom folder. Nothing was changed.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def name_taken(path: Path) -> ParomError:
    return ParomError(
        "layout.name-taken",
        f"{path} is in the way of the releases layout.",
        "Adopt into another root, or rename it. Nothing was changed.",
    )


def other_file_system(path: Path, target: Path) -> ParomError:
    return ParomError(
        "layout.other-file-system",
        f"{path} and {target} lie on different file systems, so that it cannot be moved at once.",
        "Choose a root on the same file system. Nothing was changed.",
    )


def adoption_stuck(path: Path, target: Path) -> ParomError:
    return ParomError(
        "layout.adoption-stuck",
        f"Both {path} and {target} exist; one of them was written while files were moved.",
        "Stop the services, keep the one that is right, and start the adoption again.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def adoption_over(running: str) -> ParomError:
    return ParomError(
        "layout.adoption-over",
        f'Release "{running}" was deployed since the adoption, which cannot be taken back now.',
        "Roll back to the adopted release first. Nothing was changed.",
    )
