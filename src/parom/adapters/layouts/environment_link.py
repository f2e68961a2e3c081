"""The virtual environment of an installation in one folder: a link to its release's own.

Scripts name their interpreter by an absolute path (`root/.venv/bin/python`). They go on
working because that path always leads to the environment of the release that runs.
Before Parom, a real folder lies there. It stays where it is as long as its release runs
(nothing that runs may notice the adoption), and is moved away by the first switch.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.layouts.removal import ENVIRONMENT
from parom.durable import fsync_directory, replace_symlink


@dataclass(frozen=True)
class EnvironmentLink:
    """The place of the environment in an installation."""

    live: Path
    releases: Path
    moved: Path
    """A folder for environments that were there before Parom."""

    def adopt(self, release: Path) -> None:
        """Let a release use what is live now, without touching it."""
        own = release / ENVIRONMENT
        if self.live.is_symlink() and self.live.exists():
            # Not through `live`: that will lead elsewhere after the next switch.
            replace_symlink(own, os.path.relpath(self.live.resolve(), release.resolve()))
        elif self.live.is_dir():
            replace_symlink(own, os.path.relpath(self.live, release))

    def hand_over(self, target: Path, moved_name: str) -> None:
        """Make the target's environment the live one. Repeatable from every point in between.

        `moved_name` must be the same in every repetition of one switch.
        """
        aside = self.moved / moved_name
        if self._is_real(self.live) and not self._uses_live(target):
            self.moved.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.live.rename(aside)
            fsync_directory(self.moved)
            fsync_directory(self.live.parent)
        if aside.is_dir():
            self._repoint(aside)
        own = target / ENVIRONMENT
        if self._is_real(self.live):
            return
        if os.path.lexists(own):
            replace_symlink(self.live, os.path.relpath(own, self.live.parent))
        elif self.live.is_symlink():
            self.live.unlink()
            fsync_directory(self.live.parent)

    def take_away(self) -> None:
        """Let no environment be live; one that is a folder of its own is not ours."""
        if self.live.is_symlink():
            self.live.unlink()
            fsync_directory(self.live.parent)

    def unused(self) -> tuple[Path, ...]:
        """Moved environments that no release uses any more."""
        if not self.moved.is_dir():
            return ()
        used = {(release / ENVIRONMENT).resolve() for release in self._all_releases()}
        return tuple(path for path in sorted(self.moved.iterdir()) if path.resolve() not in used)

    def _repoint(self, aside: Path) -> None:
        """Releases that used the live folder by its old place find it at the new one."""
        for release in self._all_releases():
            if self._uses_live(release):
                replace_symlink(release / ENVIRONMENT, os.path.relpath(aside, release))

    def _uses_live(self, release: Path) -> bool:
        own = release / ENVIRONMENT
        if not own.is_symlink():
            return False
        # By the link's text, since `live` itself may have been moved already.
        named = Path(os.path.normpath(release / own.readlink()))
        return named in (self.live, self.live.parent.resolve() / self.live.name)

    def _all_releases(self) -> tuple[Path, ...]:
        if not self.releases.is_dir():
            return ()
        return tuple(sorted(path for path in self.releases.iterdir() if path.is_dir()))

    @staticmethod
    def _is_real(path: Path) -> bool:
        return path.is_dir() and not path.is_symlink()
