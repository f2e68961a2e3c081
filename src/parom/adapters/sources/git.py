"""A git repository as a source; the `git` command does the work in a mirror of its own."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

from parom.adapters.sources.mirror import Mirror
from parom.adapters.sources.placing import checked_subfolder, placed
from parom.adapters.sources.unpacking import unpack
from parom.errors import source as errors
from parom.facts import SourceRevision
from parom.masking import without_credentials
from parom.ports import Host

_FULL_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_SHORT_COMMIT = re.compile(r"[0-9a-f]{4,64}")


class GitSource:
    """`location` is anything git can fetch from; `cache` is where the mirror lies.

    `subfolder` is the part of the repository that is a release. `.gitattributes`
    (export-ignore, export-subst) hold as in `git archive`. Nothing asks for a password:
    use SSH keys or a credential helper rather than a URL that holds one.
    """

    def __init__(self, location: str, subfolder: str, host: Host, cache: Path) -> None:
        """Raises `source.bad-location`, `source.bad-subfolder`."""
        if not location or location.startswith("-") or not location.isprintable():
            raise errors.bad_location(location)
        self._location = location
        self._subfolder = checked_subfolder(subfolder)
        self._mirror = Mirror(location, host, cache)

    def resolve(self, ref: str) -> SourceRevision:
        """Fix a branch, tag or commit (also shortened, also `origin/<branch>`).

        A tag wins over a branch of the same name, as everywhere in git; an empty ref is
        the repository's default branch. Raises `source.unknown-ref`, `source.unreachable`.
        """
        if not _FULL_COMMIT.fullmatch(ref) or not self._mirror.commit(ref):
            self._mirror.update()
        commit = self._find(ref)
        if commit is None:
            names = self._mirror.names()
            near = difflib.get_close_matches(ref, names, n=3)
            raise errors.unknown_ref(ref, self._location, near)
        described = f"{without_credentials(self._location)} {ref or 'HEAD'}"
        return SourceRevision(described, commit, commit[:7])

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        """Write the tree. Raises `source.no-folder`, `source.submodules`, and what
        unpacking raises."""
        commit = revision.revision
        if not self._mirror.commit(commit):
            self._mirror.update()
            if not self._mirror.fetch_commit(commit):
                raise errors.unknown_ref(commit, self._location, [])
        if not self._mirror.has_folder(commit, self._subfolder):
            raise errors.no_folder(f"{self._subfolder} ({self._location}, {commit[:7]})")
        submodules = self._mirror.submodules(commit, self._subfolder)
        if submodules:
            raise errors.submodules(self._location, submodules)
        with placed(destination) as partial:
            archive = destination.with_name(destination.name + ".tar.partial")
            try:
                self._mirror.archive(commit, self._subfolder, archive)
                unpack(archive, partial)
            finally:
                archive.unlink(missing_ok=True)

    def _find(self, ref: str) -> str | None:
        for name in _candidates(ref):
            commit = self._mirror.commit(name)
            if commit:
                return commit
        if _FULL_COMMIT.fullmatch(ref) and self._mirror.fetch_commit(ref):
            return ref
        return None


def _candidates(ref: str) -> tuple[str, ...]:
    """Full names by which a ref may be found; none for what git would read as something else.

    A full name cannot be taken for an option, nor for an expression like `@{-1}`.
    """
    if not ref or ref == "HEAD":
        return ("refs/parom/HEAD",)
    if ref.startswith(("refs/heads/", "refs/tags/")):
        return (ref,)
    named = [f"refs/tags/{ref}", f"refs/heads/{ref}"]
    if ref.startswith("origin/"):
        named.append(f"refs/heads/{ref.removeprefix('origin/')}")
    if _SHORT_COMMIT.fullmatch(ref):
        named.append(ref)
    return tuple(named)
