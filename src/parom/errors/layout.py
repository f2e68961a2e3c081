"""What can be wrong with how releases lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said

_SHOWN = 10


def no_application(root: Path) -> ParomError:
    return ParomError(
        "layout.no-application",
        said("Nothing is installed in {root}.", root=root),
        said("Correct project.root, or deploy to install the first release. Nothing was changed."),
    )


def unknown_release(release_id: str, releases: Path) -> ParomError:
    return ParomError(
        "layout.unknown-release",
        said(
            'There is no complete release "{release_id}" in {releases}.',
            release_id=release_id,
            releases=releases,
        ),
        said("`parom history` lists the releases. Nothing was changed."),
    )


def bad_release_id(release_id: str) -> ParomError:
    return ParomError(
        "layout.bad-release-id",
        said('"{release_id}" cannot be the name of a release.', release_id=release_id),
        said("Letters, digits, dots, dashes and underscores may stand in it. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def current_release(release_id: str) -> ParomError:
    return ParomError(
        "layout.current-release",
        said(
            'Release "{release_id}" is the one that runs, and cannot be removed.',
            release_id=release_id,
        ),
        said("Switch to another release first. Nothing was changed."),
    )


def foreign_current(link: Path, found: str) -> ParomError:
    return ParomError(
        "layout.foreign-current",
        said(
            "{link} should be a link to a folder of releases/, but {found}.", link=link, found=found
        ),
        said(
            "Let it point to the release that runs, or remove it if none does. Nothing was changed."
        ),
    )


def bad_shared_name(name: str) -> ParomError:
    return ParomError(
        "layout.bad-shared-name",
        said('"{name}" in release.shared is not a path inside a release.', name=name),
        said("Name files and folders relative to the release's top. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def shared_in_code(name: str, release: Path) -> ParomError:
    return ParomError(
        "layout.shared-in-code",
        said(
            '"{name}" is shared by all releases, but the code in {release} brings one of its own.',
            name=name,
            release=release,
        ),
        said(
            "Remove it from the source, or from release.shared in parom.toml, and deploy "
            "again. What runs was not changed."
        ),
    )


def modified_files(root: Path, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.modified-files",
        said(
            "{n} file(s) in {root} differ from the release that is recorded as running: {shown}.",
            n=len(paths),
            root=root,
            shown=shown,
        ),
        said(
            "What the application itself writes belongs into release.shared in "
            "parom.toml. What a person changed belongs into the source; then delete "
            "{root}/.parom/current.json, and what lies there now is kept as a release "
            "before the next deployment. Nothing was changed.",
            root=root,
        ),
    )


def changing(root: Path, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.changing",
        said(
            "{n} file(s) in {root} changed while they were copied: {shown}.",
            n=len(paths),
            root=root,
            shown=shown,
        ),
        said(
            "What the application itself writes belongs into release.shared in "
            "parom.toml. Nothing was changed."
        ),
        can_retry=True,
    )


def interrupted_switch(earlier: str, target: str) -> ParomError:
    return ParomError(
        "layout.interrupted-switch",
        said(
            'The switch from "{earlier}" to "{target}" was interrupted and is half done.',
            earlier=earlier or said("nothing"),
            target=target,
        ),
        said("`parom resume` finishes it, `parom rollback` takes it back."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def damaged_release(release_id: str, paths: Sequence[str]) -> ParomError:
    shown = ", ".join(paths[:_SHOWN]) + (", ..." if len(paths) > _SHOWN else "")
    return ParomError(
        "layout.damaged-release",
        said(
            'Release "{release_id}" is not what it was when it was recorded: {shown}.',
            release_id=release_id,
            shown=shown,
        ),
        said("Restore it from its backup, or go to another release. What runs was not changed."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def unreadable_record(path: Path, reason: str) -> ParomError:
    return ParomError(
        "layout.unreadable-record",
        said("{path} cannot be read: {reason}.", path=path, reason=reason),
        said("Restore it from a backup of the installation's .parom folder. Nothing was changed."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def name_taken(path: Path) -> ParomError:
    return ParomError(
        "layout.name-taken",
        said("{path} is in the way of the releases layout.", path=path),
        said("Adopt into another root, or rename it. Nothing was changed."),
    )


def other_file_system(path: Path, target: Path) -> ParomError:
    return ParomError(
        "layout.other-file-system",
        said(
            "{path} and {target} lie on different file systems, so that it cannot be "
            "moved at once.",
            path=path,
            target=target,
        ),
        said("Choose a root on the same file system. Nothing was changed."),
    )


def adoption_stuck(path: Path, target: Path) -> ParomError:
    return ParomError(
        "layout.adoption-stuck",
        said(
            "Both {path} and {target} exist; one of them was written while files were moved.",
            path=path,
            target=target,
        ),
        said("Stop the services, keep the one that is right, and start the adoption again."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def adoption_over(running: str) -> ParomError:
    return ParomError(
        "layout.adoption-over",
        said(
            'Release "{running}" was deployed since the adoption, which cannot be taken back now.',
            running=running,
        ),
        said("Roll back to the adopted release first. Nothing was changed."),
    )
