"""What can be wrong with where a release comes from."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ParomError


def unknown_ref(ref: str, location: str, near: Sequence[str]) -> ParomError:
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return ParomError(
        "source.unknown-ref",
        f'{location} has no branch, tag or commit "{ref}".{hint}',
        "Push it, or name another. Nothing was changed.",
    )


def unreachable(location: str, reason: str) -> ParomError:
    return ParomError(
        "source.unreachable",
        f"The repository {location} cannot be read: {reason}",
        "Check source.location and this machine's access to it. Nothing was changed.",
        can_retry=True,
    )


def no_folder(location: str) -> ParomError:
    return ParomError(
        "source.no-folder",
        f"There is no folder {location}.",
        "Correct source.location and source.subfolder. Nothing was changed.",
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
        "Remove it from the repository. Nothing was changed.",
    )
