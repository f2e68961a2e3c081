"""Encrypted backups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from parom.facts import BackupManifest
from parom.ports.progress import Progress


class Vault(Protocol):
    """Encrypted backups."""

    def create(
        self,
        manifest: BackupManifest,
        parts: Mapping[str, Sequence[tuple[str, Path]]],
        check: Callable[[str], None],
        scratch: Path,
        progress: Progress | None = None,
        *,
        still: Collection[str] = (),
    ) -> BackupManifest:
        """Write an encrypted backup, unpack what was stored, and compare.

        `parts` maps a part's name to (name in the archive, path) pairs. Those named in `still`
        are files, not folders, that nobody writes meanwhile: each byte that was stored is
        compared with them, and nothing is written. The others are restored into `scratch`, one
        folder a part, and stay there for the caller to use. `check` is called with a part's
        name once that is done, and raises where the part must not count.
        The returned manifest has parts and hashes filled in and `verified` set.
        """
        ...

    def clear_partial(self, backup_id: str) -> None:
        """Delete what a `create` that was killed left; absent is fine, as is a complete one."""
        ...

    def list(self) -> tuple[BackupManifest, ...]:
        """Complete backups, oldest first."""
        ...

    def verify(self, backup_id: str, identity: Path | None) -> BackupManifest:
        """Compare ciphertexts with the manifest; with an identity also every plaintext."""
        ...

    def restore(
        self,
        backup_id: str,
        identity: Path,
        destination: Path,
        parts: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> BackupManifest:
        """Unpack parts (all by default) into `destination/<part>/`."""
        ...

    def prune(self, now: datetime, keep: frozenset[str]) -> tuple[str, ...]:
        """Delete backups past retention except `keep`; the ids that went."""
        ...
