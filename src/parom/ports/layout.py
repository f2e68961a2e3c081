"""How releases lie on a disk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Protocol

from parom.facts import Release


class Layout(Protocol):
    """How releases lie on disk, and which of them runs."""

    @property
    def running_path(self) -> Path:
        """The path by which services are started; it never changes."""
        ...

    def current(self) -> str | None:
        """The id of the release that runs; None where Parom has none yet."""
        ...

    def path_of(self, release_id: str) -> Path:
        """Where the immutable tree of a release lies."""
        ...

    def releases(self) -> tuple[Release, ...]:
        """What is complete on disk, oldest first."""
        ...

    def record(self, release: Release) -> None:
        """Mark a release as complete. Without it the tree counts as debris."""
        ...

    def adopt_running(self, now: datetime) -> Release:
        """Keep what runs now as a release, if it is not one yet, so that there is a way back.

        Raises `layout.no-application` where nothing is installed.
        """
        ...

    def link_shared(self, release_id: str) -> None:
        """Give a release the mutable files and folders that all releases share."""
        ...

    def switch(self, release_id: str) -> None:
        """Make a release the one that runs. Atomic, or idempotent when repeated."""
        ...

    def vacate(self) -> None:
        """Let no release run: after a first installation that failed. Absent is fine."""
        ...

    def remove(self, release_id: str) -> None:
        """Delete a release that is not current; absent is fine."""
        ...

    def debris(self) -> tuple[Path, ...]:
        """What an interrupted preparation left behind."""
        ...
