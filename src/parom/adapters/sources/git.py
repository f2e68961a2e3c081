"""A git repository as a source; the `git` command does the work in a mirror of its own."""

from __future__ import annotations

import difflib
import io
import shutil
import tarfile
from pathlib import Path

from parom.errors import source as errors
from parom.facts import Finished, SourceRevision
from parom.ports import Host

_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}
_FETCH_LIMIT_S = 600


class GitSource:
    """`location` is anything git can clone; `cache` is where the mirror lies."""

    def __init__(self, location: str, subfolder: str, host: Host, cache: Path) -> None:
        self._location, self._subfolder = location, subfolder.strip("/")
        self._host, self._cache = host, cache

    def resolve(self, ref: str) -> SourceRevision:
        self._update()
        for name in (f"refs/heads/{ref}", f"refs/tags/{ref}", ref):
            asked = self._git("rev-parse", "--verify", "--quiet", "--end-of-options",
                              name + "^{commit}")  # fmt: skip
            if asked.succeeded:
                commit = asked.stdout.strip().splitlines()[-1]
                return SourceRevision(f"{self._location} {ref}", commit, commit[:7])
        listed = self._git("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
        near = difflib.get_close_matches(ref, listed.stdout.split(), n=2)
        raise errors.unknown_ref(ref, self._location, near)

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        tree = f"{revision.revision}:{self._subfolder}" if self._subfolder else revision.revision
        archive = self._cache / "export.tar"
        made = self._git("archive", "--format=tar", f"--output={archive}", "--end-of-options", tree)
        if not made.succeeded:
            raise errors.no_folder(f"{self._location} {tree}")
        partial = destination.with_name(destination.name + ".partial")
        if partial.exists():
            shutil.rmtree(partial)
        partial.mkdir(parents=True)
        try:
            with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as tar:
                tar.extractall(partial, filter="data")
        except tarfile.FilterError as problem:
            shutil.rmtree(partial)
            raise errors.unsafe_archive(problem.tarinfo.name) from None
        finally:
            archive.unlink(missing_ok=True)
        partial.rename(destination)

    def _update(self) -> None:
        if (self._cache / "HEAD").exists():
            fetched = self._git("fetch", "--prune", "--force", "--tags", "origin",
                                "+refs/heads/*:refs/heads/*")  # fmt: skip
        else:
            self._cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fetched = self._host.run(
                ["git", "clone", "--quiet", "--bare", "--", self._location, str(self._cache)],
                env=_QUIET,
                timeout_s=_FETCH_LIMIT_S,
            )
        if not fetched.succeeded:
            raise errors.unreachable(self._location, fetched.stderr.strip()[-300:])

    def _git(self, *arguments: str) -> Finished:
        return self._host.run(
            ["git", f"--git-dir={self._cache}", *arguments], env=_QUIET, timeout_s=_FETCH_LIMIT_S
        )
