"""A vault in a folder: one subfolder a backup, complete once its manifest is there."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import functools
import hashlib
import os
import tarfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pyrage
import zstandard

from parom.adapters.vaults import identity as identities
from parom.adapters.vaults import manifest as manifests
from parom.adapters.vaults.archive import remove_tree
from parom.adapters.vaults.cipher import DamagedError
from parom.adapters.vaults.sealing import seal, unseal
from parom.durable import fsync_directory
from parom.errors import ParomError
from parom.errors import vault as errors
from parom.facts import BackupManifest, BackupPart
from parom.ports import Progress
from parom.words.said import said

_PARTIAL = ".partial-"
_HOW = (
    "the stored ciphertext was decrypted with a key that was then forgotten, decompressed and "
    "unpacked; each byte of the database was compared with the copy that went in, which was whole "
    "and had the same rows, and everything else was compared by checksum"
)


class DirectoryVault:
    """`recipients` are age public keys; there is no way to write without one."""

    def __init__(
        self, root: Path, recipients: tuple[str, ...], *, retention_days: int = 30
    ) -> None:
        self._root, self._recipients = root, recipients
        self._retention = timedelta(days=retention_days)

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
        recipients = identities.recipients_of(self._recipients)
        partial = self._root / f"{_PARTIAL}{manifest.id}"
        total, done = sum(_size(path) for entries in parts.values() for _, path in entries), 0

        def told(count: int) -> None:
            nonlocal done
            done += count
            if progress:
                progress(min(done, total), total)

        with _named(self._root), _removed_on_failure(partial, manifest.id):
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            remove_tree(partial)
            partial.mkdir(mode=0o700)
            sealed = []
            for name, entries in parts.items():
                restored = None if name in still else scratch / name
                look = functools.partial(check, name)
                sealed.append(seal(name, entries, partial, recipients, restored, told, look))
            whole = dataclasses.replace(
                manifest, parts=tuple(sealed), verified=True, verified_how=_HOW
            )
            manifests.write(partial, whole)
            fsync_directory(partial)
            partial.rename(self._root / manifest.id)
            fsync_directory(self._root)
        return whole

    def clear_partial(self, backup_id: str) -> None:
        remove_tree(self._root / f"{_PARTIAL}{backup_id}")

    def list(self) -> tuple[BackupManifest, ...]:
        if not self._root.is_dir():
            return ()
        found = []
        for folder in self._root.iterdir():
            if folder.name.startswith(".") or not (folder / manifests.NAME).exists():
                continue
            try:
                manifest = manifests.read(folder)
            except ParomError:  # a damaged one is no backup; `verify` says what is wrong
                continue
            if manifest.id == folder.name:
                found.append(manifest)
        return tuple(sorted(found, key=lambda one: (one.created, one.id)))

    def verify(self, backup_id: str, identity: Path | None) -> BackupManifest:
        manifest = self._manifest(backup_id)
        keys = identities.read(identity) if identity else []
        for part in manifest.parts:
            self._compare_ciphertext(manifest, part)
        if keys:
            for part in manifest.parts:
                self._open(manifest, part, keys, None)
        return manifest

    def restore(
        self,
        backup_id: str,
        identity: Path,
        destination: Path,
        parts: Sequence[str] = (),
        progress: Progress | None = None,
    ) -> BackupManifest:
        manifest = self._manifest(backup_id)
        keys = identities.read(identity)
        known = [part.name for part in manifest.parts]
        for name in parts:
            if name not in known:
                raise errors.unknown_part(backup_id, name, known)
        wanted = [part for part in manifest.parts if not parts or part.name in parts]
        total, done = sum(part.cipher_bytes for part in wanted), 0
        with _named(destination):
            destination.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in wanted:
                if (destination / part.name).exists():
                    raise errors.not_empty(destination / part.name)
            for part in wanted:
                self._compare_ciphertext(manifest, part)
                partial = destination / f"{_PARTIAL}{part.name}"
                remove_tree(partial)
                try:
                    self._open(manifest, part, keys, partial)
                except BaseException:
                    remove_tree(partial)
                    raise
                partial.rename(destination / part.name)
                done += part.cipher_bytes
                if progress:
                    progress(done, total)
            fsync_directory(destination)
        return manifest

    def prune(self, now: datetime, keep: frozenset[str]) -> tuple[str, ...]:
        gone = []
        for manifest in self.list()[:-1]:  # the newest stays, however old it is
            if manifest.id not in keep and now - manifest.created > self._retention:
                (self._root / manifest.id / manifests.NAME).unlink()
                remove_tree(self._root / manifest.id)
                gone.append(manifest.id)
        return tuple(gone)

    def _manifest(self, backup_id: str) -> BackupManifest:
        folder = self._root / backup_id
        known = [one.id for one in self.list()]
        if "/" in backup_id or backup_id.startswith(".") or not (folder / manifests.NAME).exists():
            raise errors.unknown_backup(backup_id, known)
        manifest = manifests.read(folder)
        if manifest.id != backup_id:
            raise errors.damaged(backup_id, said("its manifest is that of {id}", id=manifest.id))
        return manifest

    def _compare_ciphertext(self, manifest: BackupManifest, part: BackupPart) -> None:
        file = self._root / manifest.id / part.file
        if not file.exists():
            raise errors.damaged(manifest.id, said("{file} is missing", file=part.file))
        size = file.stat().st_size
        if size != part.cipher_bytes:
            what = f"{part.file} has {size} bytes, not {part.cipher_bytes}"
            raise errors.damaged(manifest.id, what)
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if found != part.cipher_sha256:
            raise errors.damaged(
                manifest.id, said("{file} differs from its checksum", file=part.file)
            )

    def _open(
        self,
        manifest: BackupManifest,
        part: BackupPart,
        keys: Sequence[pyrage.x25519.Identity],
        destination: Path | None,
    ) -> None:
        file = self._root / manifest.id / part.file
        try:
            has_sha256 = bool(part.plain_sha256)
            opened = unseal(file, keys, destination, part.plain_bytes, with_sha256=has_sha256)
        except pyrage.DecryptError:
            # The ciphertext matched its checksum just before: the key is what is wrong.
            raise errors.identity_wrong(manifest.id, manifest.recipients) from None
        except (DamagedError, zstandard.ZstdError, tarfile.TarError) as problem:
            raise errors.damaged(
                manifest.id, said("{file}: {problem}", file=part.file, problem=problem)
            ) from None
        found = (opened.size, opened.members, opened.sha256)
        if found != (part.plain_bytes, part.members, part.plain_sha256):
            raise errors.damaged(manifest.id, said("{file}: its content differs", file=part.file))


@contextlib.contextmanager
def _named(place: Path) -> Iterator[None]:
    """What the disk refuses becomes an error that a person can read."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise errors.disk_full(place, problem.strerror or str(problem)) from None
        if problem.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise errors.not_writable(place, str(problem)) from None
        raise


@contextlib.contextmanager
def _removed_on_failure(partial: Path, backup_id: str) -> Iterator[None]:
    try:
        yield
    except (ValueError, DamagedError, zstandard.ZstdError, tarfile.TarError) as problem:
        remove_tree(partial)
        raise errors.not_verified(backup_id, str(problem)) from None
    except (ParomError, OSError):
        remove_tree(partial)
        raise


def _size(path: Path) -> int:
    """For the progress alone: of what people upload and delete meanwhile, what is there now."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - a tight loop
    return total
