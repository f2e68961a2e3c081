"""A vault that lives as long as the process. Who may open a backup is checked as in a real
one; what is stored is not encrypted, since nobody else can reach it."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from parom.adapters.vaults import identity as identities
from parom.adapters.vaults.archive import compare_tar, extract_tar, write_tar
from parom.adapters.vaults.streams import Buffered, TarStream
from parom.errors import vault as errors
from parom.facts import BackupManifest, BackupPart
from parom.ports import Progress


class MemoryVault:
    """Backups in a dictionary."""

    def __init__(self, recipients: tuple[str, ...], *, retention_days: int = 30) -> None:
        self._recipients, self._retention = recipients, timedelta(days=retention_days)
        self._kept: dict[str, tuple[BackupManifest, dict[str, bytes]]] = {}

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
        identities.recipients_of(self._recipients)
        stored: dict[str, bytes] = {}
        described = []
        for name, entries in parts.items():
            tar = io.BytesIO()
            members = write_tar(entries, tar)
            stored[name] = tar.getvalue()
            opened = TarStream(Buffered(io.BytesIO(stored[name])))
            if name in still:
                compare_tar(opened, entries)
            else:
                extract_tar(opened, scratch / name)
            check(name)
            digest, size = hashlib.sha256(stored[name]).hexdigest(), len(stored[name])
            described.append(BackupPart(name, name, size, size, digest, members))
            if progress:
                progress(len(stored), len(parts))
        whole = dataclasses.replace(
            manifest, parts=tuple(described), verified=True, verified_how="unpacked again"
        )
        self._kept[manifest.id] = whole, stored
        return whole

    def clear_partial(self, backup_id: str) -> None:
        """Nothing is ever half there."""

    def list(self) -> tuple[BackupManifest, ...]:
        found = (manifest for manifest, _ in self._kept.values())
        return tuple(sorted(found, key=lambda one: (one.created, one.id)))

    def verify(self, backup_id: str, identity: Path | None) -> BackupManifest:
        manifest, _ = self._found(backup_id)
        if identity is not None:
            self._admit(manifest, identity)
        return manifest

    def restore(
        self,
        backup_id: str,
        identity: Path,
        destination: Path,
        parts: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> BackupManifest:
        manifest, stored = self._found(backup_id)
        self._admit(manifest, identity)
        for name in parts:
            if name not in stored:
                raise errors.unknown_part(backup_id, name, list(stored))
        wanted = [name for name in stored if not parts or name in parts]
        for name in wanted:
            if (destination / name).exists():
                raise errors.not_empty(destination / name)
        for done, name in enumerate(wanted, start=1):
            extract_tar(TarStream(Buffered(io.BytesIO(stored[name]))), destination / name)
            if progress:
                progress(done, len(wanted))
        return manifest

    def prune(self, now: datetime, keep: frozenset[str]) -> tuple[str, ...]:
        old = [
            one.id
            for one in self.list()[:-1]
            if one.id not in keep and now - one.created > self._retention
        ]
        for backup_id in old:
            del self._kept[backup_id]
        return tuple(old)

    def _found(self, backup_id: str) -> tuple[BackupManifest, dict[str, bytes]]:
        if backup_id not in self._kept:
            raise errors.unknown_backup(backup_id, [one.id for one in self.list()])
        return self._kept[backup_id]

    def _admit(self, manifest: BackupManifest, identity: Path) -> None:
        public = {str(key.to_public()) for key in identities.read(identity)}
        if not public & set(self._recipients):
            raise errors.identity_wrong(manifest.id, manifest.recipients)
