"""What can be wrong with where a release comes from."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError
from parom.masking import without_credentials

_SHOWN = 5


def unknown_ref(ref: str, location: str, near: Sequence[str]) -> ParomError:
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return ParomError(
        "source.unknown-ref",
        f'{without_credentials(location)} has no branch, tag or commit "{ref[:120]}".{hint}',
        "Push it, or name another. Nothing was changed.",
    )


def no_refs(ref: str, location: str) -> ParomError:
    return ParomError(
        "source.no-refs",
        f'"{ref[:60]}" cannot be chosen: the source is the folder {location}, which has one state.',
        "Deploy without naming a ref, or make a git repository the source. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def unreachable(location: str, reason: str) -> ParomError:
    return ParomError(
        "source.unreachable",
        f"The repository {without_credentials(location)} cannot be read: "
        f"{without_credentials(reason)}",
        "Check source.location and this machine's access to it. Nothing was changed.",
        can_retry=True,
    )


def bad_location(location: str) -> ParomError:
    return ParomError(
        "source.bad-location",
        f'"{without_credentials(location)}" is no address of a repository.',
        "Give source.location a URL or a path; it starts with no dash and holds no line break.",
        exit_code=ExitCode.USAGE,
    )


def bad_subfolder(subfolder: str) -> ParomError:
    return ParomError(
        "source.bad-subfolder",
        f'"{subfolder}" is not a folder inside the source.',
        "Give source.subfolder a path relative to the source's top. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def no_folder(location: str) -> ParomError:
    return ParomError(
        "source.no-folder",
        f"There is no folder {without_credentials(location)}.",
        "Correct source.location and source.subfolder. Nothing was changed.",
    )


def submodules(location: str, paths: Sequence[str]) -> ParomError:
    return ParomError(
        "source.submodules",
        f"{without_credentials(location)} has submodules, which are not fetched: "
        f"{', '.join(paths[:_SHOWN])}.",
        "Make them dependencies, or copy them into the repository. Nothing was changed.",
    )


def unreadable_archive(reason: str) -> ParomError:
    return ParomError(
        "source.unreadable-archive",
        f"git's archive of the release cannot be unpacked: {reason}.",
        "Check the disk for space and errors, and deploy again. Nothing was changed.",
        can_retry=True,
    )


def changed_meanwhile(location: str) -> ParomError:
    return ParomError(
        "source.changed",
        f"{location} changed while it was being read.",
        "Deploy again when nobody writes there. Nothing was changed.",
        can_retry=True,
    )


def unsafe_archive(what: str) -> ParomError:
    return ParomError(
        "source.unsafe-archive",
        f"The release's tree holds {what}, which would leave its folder.",
        "Remove it from the source, or exclude it. Nothing was changed.",
    )


def reserved_name(name: str) -> ParomError:
    return ParomError(
        "source.reserved-name",
        f'The release\'s tree has "{name[:120]}" at its top, a name that Parom itself writes.',
        "Take it out of the repository (`git rm -r --cached`, and .gitignore). "
        "Nothing was changed.",
    )


def too_large(limit: str) -> ParomError:
    return ParomError(
        "source.too-large",
        f"The release's tree is larger than {limit}.",
        "Keep data out of the source, or exclude it. Nothing was changed.",
    )
