"""What can be wrong with where a release comes from."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError
from parom.masking import without_credentials
from parom.words.said import either, said

_SHOWN = 5


def unknown_ref(ref: str, location: str, near: Sequence[str]) -> ParomError:
    hint = said(" Did you mean {names}?", names=either(near)) if near else ""
    return ParomError(
        "source.unknown-ref",
        said(
            '{location} has no branch, tag or commit "{ref}".{hint}',
            location=without_credentials(location),
            ref=ref[:120],
            hint=hint,
        ),
        said("Push it, or name another. Nothing was changed."),
    )


def no_refs(ref: str, location: str) -> ParomError:
    return ParomError(
        "source.no-refs",
        said(
            '"{ref}" cannot be chosen: the source is the folder {location}, which has one state.',
            ref=ref[:60],
            location=location,
        ),
        said(
            "Deploy without naming a ref, or make a git repository the source. Nothing was changed."
        ),
        exit_code=ExitCode.USAGE,
    )


def unreachable(location: str, reason: str) -> ParomError:
    return ParomError(
        "source.unreachable",
        said(
            "The repository {location} cannot be read: {reason}",
            location=without_credentials(location),
            reason=without_credentials(reason),
        ),
        said("Check source.location and this machine's access to it. Nothing was changed."),
        can_retry=True,
    )


def bad_location(location: str) -> ParomError:
    return ParomError(
        "source.bad-location",
        said('"{location}" is no address of a repository.', location=without_credentials(location)),
        said(
            "Give source.location a URL or a path; it starts with no dash and holds no line break."
        ),
        exit_code=ExitCode.USAGE,
    )


def bad_subfolder(subfolder: str) -> ParomError:
    return ParomError(
        "source.bad-subfolder",
        said('"{subfolder}" is not a folder inside the source.', subfolder=subfolder),
        said("Give source.subfolder a path relative to the source's top. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def no_folder(location: str) -> ParomError:
    return ParomError(
        "source.no-folder",
        said("There is no folder {location}.", location=without_credentials(location)),
        said("Correct source.location and source.subfolder. Nothing was changed."),
    )


def submodules(location: str, paths: Sequence[str]) -> ParomError:
    return ParomError(
        "source.submodules",
        said(
            "{location} has submodules, which are not fetched: {paths}.",
            location=without_credentials(location),
            paths=", ".join(paths[:_SHOWN]),
        ),
        said("Make them dependencies, or copy them into the repository. Nothing was changed."),
    )


def unreadable_archive(reason: str) -> ParomError:
    return ParomError(
        "source.unreadable-archive",
        said("git's archive of the release cannot be unpacked: {reason}.", reason=reason),
        said("Check the disk for space and errors, and deploy again. Nothing was changed."),
        can_retry=True,
    )


def changed_meanwhile(location: str) -> ParomError:
    return ParomError(
        "source.changed",
        said("{location} changed while it was being read.", location=location),
        said("Deploy again when nobody writes there. Nothing was changed."),
        can_retry=True,
    )


def unsafe_archive(what: str) -> ParomError:
    return ParomError(
        "source.unsafe-archive",
        said("The release's tree holds {what}, which would leave its folder.", what=what),
        said("Remove it from the source, or exclude it. Nothing was changed."),
    )


def reserved_name(name: str) -> ParomError:
    return ParomError(
        "source.reserved-name",
        said(
            'The release\'s tree has "{name}" at its top, a name that Parom itself writes.',
            name=name[:120],
        ),
        said(
            "Take it out of the repository (`git rm -r --cached`, and .gitignore). "
            "Nothing was changed."
        ),
    )


def too_large(limit: str) -> ParomError:
    return ParomError(
        "source.too-large",
        said("The release's tree is larger than {limit}.", limit=limit),
        said("Keep data out of the source, or exclude it. Nothing was changed."),
    )
