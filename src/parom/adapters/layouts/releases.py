"""The layout `releases`: releases/<id>, shared/, and the link `current`.

```
root/releases/<id>/   immutable, with its own .venv and links into shared/
root/shared/          what the application writes
root/current          -> releases/<id>
root/.parom/          Parom's own
```
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath

from parom.adapters.layouts.release_record import (
    checked_id,
    read_record,
    recorded,
    unrecorded,
    write_record,
)
from parom.adapters.layouts.removal import borrowed, remove_release
from parom.adapters.layouts.shared import belongs_to, link_into, parse_names
from parom.durable import fsync_directory, replace_symlink
from parom.errors import layout as errors
from parom.facts import Release
from parom.tree import exclusion, fingerprint, scan
from parom.words.said import said

NOT_CODE = (".venv", "__pycache__", "*.pyc", ".git", ".parom*", "*.parom-new")


class ReleasesLayout:
    """Many releases side by side; switching is one rename."""

    def __init__(self, root: Path, shared: Sequence[str]) -> None:
        """Raises `layout.bad-shared-name`."""
        self._root = root
        self._releases = root / "releases"
        self._current = root / "current"
        self._shared = parse_names(shared)

    @property
    def running_path(self) -> Path:
        return self._current

    @property
    def shared_path(self) -> Path:
        """Where the shared files and folders lie."""
        return self._root / "shared"

    def current(self) -> str | None:
        """Raises `layout.foreign-current` where the link is none of ours."""
        if not self._current.is_symlink():
            if self._current.exists():
                raise errors.foreign_current(self._current, said("is no link"))
            return None
        target = self._current.readlink()
        if (self._root / target).resolve().parent != self._releases.resolve():
            raise errors.foreign_current(self._current, said("leads to {target}", target=target))
        return (self._root / target).resolve().name

    def path_of(self, release_id: str) -> Path:
        return self._releases / checked_id(release_id)

    def releases(self) -> tuple[Release, ...]:
        return recorded(self._releases)

    def record(self, release: Release) -> None:
        folder = self.path_of(release.id)
        if not folder.is_dir():
            raise errors.unknown_release(release.id, self._releases)
        if read_record(folder) is None:
            write_record(folder, release)

    def adopt_running(self, now: datetime) -> Release:
        """Keep what `current` leads to as a release, also one that somebody else made."""
        running = self.current()
        if running is None:
            raise errors.no_application(self._root)
        folder = self.path_of(running)
        known = read_record(folder)
        if known is not None:
            return known
        if not folder.is_dir():
            raise errors.foreign_current(
                self._current, said("leads to {folder}, which is missing", folder=folder)
            )
        is_shared, is_no_code = belongs_to(self._shared), exclusion(NOT_CODE)

        def left_out(path: PurePosixPath) -> bool:
            return is_shared(path) or is_no_code(path)

        revision = fingerprint(scan(folder, left_out))
        write_record(folder, Release(running, str(folder), revision, now))
        return Release(running, str(folder), revision, now)

    def link_shared(self, release_id: str) -> None:
        """Give a release its links into shared/. Raises `layout.shared-in-code`."""
        self._prepare()
        link_into(self.path_of(release_id), self.shared_path, self._shared)

    def switch(self, release_id: str) -> None:
        """Let `current` lead to a complete release. Raises `layout.unknown-release`."""
        if read_record(self.path_of(release_id)) is None:
            raise errors.unknown_release(release_id, self._releases)
        self.current()
        replace_symlink(self._current, Path("releases") / release_id)

    def vacate(self) -> None:
        if self.current() is not None:
            self._current.unlink()
            fsync_directory(self._root)

    def remove(self, release_id: str) -> None:
        checked_id(release_id)
        if self.current() == release_id:
            raise errors.current_release(release_id)
        remove_release(self._releases, release_id)

    def debris(self) -> tuple[Path, ...]:
        return tuple(
            path
            for path in unrecorded(self._releases)
            if path.name != self.current() and not borrowed(self._releases, path)
        )

    def _prepare(self) -> None:
        self._releases.mkdir(parents=True, exist_ok=True)
        self.shared_path.mkdir(exist_ok=True)
        state = self._root / ".parom"
        state.mkdir(exist_ok=True)
        # It may have been made as somebody's parent folder, with the usual mode.
        state.chmod(0o700)
