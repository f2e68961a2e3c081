"""A release beside the production."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from parom.facts import PrivateInstance


class Trial(Protocol):
    """Starts a release beside the production, on a copy of its data."""

    def settings_env(self, release: Path, database: str, media: Path) -> Mapping[str, str]:
        """Environment with which a command of the release works on `database` instead: what is
        `NAME` in its settings."""
        ...

    def start(self, release: Path, database: str, media: Path) -> PrivateInstance:
        """Start the release's web command on a free loopback port against `database`.

        Raises `services.not-started`, and what `kept_apart` raises.
        """
        ...

    def openings(self) -> int | None:
        """How often the database was opened by what was started last, or by whoever took
        `settings_env` last; None where nobody knows."""
        ...

    def kept_apart(self) -> AbstractContextManager[None]:
        """Prove that what runs inside it, by `settings_env` or `start`, works on the copy.

        At its end raises `trial.other-settings` where nobody says that it took the settings of the
        trial, `trial.reached-production` where somebody tried to open the production's
        files, `trial.holds-production` where somebody has its database open.
        """
        ...

    def stop(self) -> None:
        """End it; absent is fine, also when a killed Parom started it."""
        ...
