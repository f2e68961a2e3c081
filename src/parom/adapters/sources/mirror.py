"""A bare copy of a repository, kept up to date by the `git` command."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parom.durable import write_atomically
from parom.errors import host as host_errors
from parom.errors import source as errors
from parom.facts import Finished
from parom.ports import Host
from parom.words.said import said

_FETCH_LIMIT_S = 900
_SUBMODULE_MODE = "160000"
_SAID = 600
_NOT_FOUND = 127
_PASSED_ON = (
    *("SSH_AUTH_SOCK", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_CONFIG_GLOBAL", "GIT_SSL_CAINFO"),
    *("http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY"),
)


class Mirror:
    """The mirror in `cache`, made when first needed. Only one process works in it at a time."""

    def __init__(self, location: str, host: Host, cache: Path) -> None:
        self._location, self._host, self._cache = location, host, cache

    def update(self) -> None:
        """Fetch all branches and tags; what vanished there vanishes here.

        Raises `source.unreachable`, `host.missing-tool`.
        """
        with self._alone():
            self._make()
            fetched = self._git(
                *("fetch", "--quiet", "--prune", "--no-tags", "--no-recurse-submodules"),
                *("origin", "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"),
            )
            if not fetched.succeeded:
                raise errors.unreachable(self._location, _said(fetched))
            # On its own, since it fails where the default branch has no commit yet.
            self._git("fetch", "--quiet", "--no-tags", "origin", "+HEAD:refs/parom/HEAD")

    def fetch_commit(self, commit: str) -> bool:
        """Fetch a commit that no branch or tag leads to, where the server allows that."""
        with self._alone():
            self._make()
            fetched = self._git(
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
                *("origin", f"{commit}:refs/parom/kept/{commit}"),
            )
        return fetched.succeeded and bool(self.commit(commit))

    def commit(self, name: str) -> str:
        """The commit of a full ref name or (shortened) commit; empty where there is none."""
        if not (self._cache / "HEAD").exists():
            return ""
        asked = self._git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"
        )
        return asked.stdout.strip() if asked.succeeded else ""

    def names(self) -> tuple[str, ...]:
        """Branches and tags."""
        listed = self._git(
            "for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/tags"
        )
        return tuple(listed.stdout.splitlines())

    def has_folder(self, commit: str, folder: str) -> bool:
        kind = self._git("cat-file", "-t", f"{commit}:{folder}")
        return kind.stdout.strip() == "tree"

    def submodules(self, commit: str, folder: str) -> tuple[str, ...]:
        """Paths at which the tree holds another repository."""
        # With -d files are left out, which keeps the answer small.
        listed = self._git("ls-tree", "-r", "-d", "-z", f"{commit}:{folder}")
        members = (line.partition("\t") for line in listed.stdout.split("\0"))
        return tuple(path for mode, _, path in members if mode.startswith(_SUBMODULE_MODE))

    def archive(self, commit: str, folder: str, file: Path) -> None:
        """Write the folder's tree as an uncompressed tar. Raises `source.unreadable-archive`."""
        made = self._git(
            *("-c", "tar.umask=0022", "archive", "--format=tar", f"--output={file.absolute()}"),
            *("--end-of-options", f"{commit}:{folder}"),
        )
        if not made.succeeded:
            raise errors.unreadable_archive(_said(made))

    def _make(self) -> None:
        """A bare repository whose `origin` is the location.

        The configuration is written here and not by `git config`, since the location may
        hold a password, and arguments can be read by every user of the machine.
        """
        if not (self._cache / "HEAD").exists():
            made = self._host.run(
                ["git", "init", "--quiet", "--bare", "--template=", "--", str(self._cache)],
                env=self._environment(),
            )
            if made.exit_code == _NOT_FOUND:
                raise host_errors.missing_tool("git", said("fetch a release"))
            if not made.succeeded:
                raise errors.unreachable(self._location, _said(made))
        location = self._location
        if "://" not in location and (Path(location).exists() or location.startswith(".")):
            location = str(Path(location).absolute())
        quoted = location.replace("\\", "\\\\").replace('"', '\\"')
        text = (
            "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
            f'[gc]\n\tautoDetach = false\n[remote "origin"]\n\turl = "{quoted}"\n'
        )
        if (self._cache / "config").read_text(encoding="utf-8") != text:
            write_atomically(self._cache / "config", text.encode(), 0o600)

    def _git(self, *arguments: str) -> Finished:
        return self._host.run(
            ["git", f"--git-dir={self._cache}", *arguments],
            env=self._environment(),
            timeout_s=_FETCH_LIMIT_S,
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the mirror's lock, and clear the locks of a git that was killed.

        Git's own locks are files that outlive it; ours ends with the process.
        """
        self._cache.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = self._cache.with_name(self._cache.name + ".lock")
        with lock.open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if self._cache.exists() and not (self._cache / "config").exists():
                shutil.rmtree(self._cache)
            # Walked, since its own temporary folders may still be going away.
            for folder, _, names in os.walk(self._cache):
                for name in names:
                    if name.endswith(".lock"):
                        Path(folder, name).unlink(missing_ok=True)
            yield

    @staticmethod
    def _environment() -> dict[str, str]:
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return passed_on | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _said(finished: Finished) -> str:
    if finished.timed_out:
        return f"no answer within {_FETCH_LIMIT_S} seconds"
    return finished.stderr.strip()[-_SAID:]
