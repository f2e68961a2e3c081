"""From a vault and a key to a run that makes an empty folder the installation again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.config.anchoring import Key, with_texts
from parom.config.reading import parsed
from parom.durable import write_atomically
from parom.errors import recovery as errors
from parom.errors import vault as vault_errors
from parom.facts import BackupManifest
from parom.ports import Host, Progress, Vault
from parom.steps.backup_contents import CONFIG_FILE, RECOVERY_FILE

PARTS = ("configuration", "code", "media", "database")
_MARK = "backup.json"


@dataclass(frozen=True)
class Wanted:
    """What a person asked for."""

    root: Path
    vault: Path
    backup_id: str
    """Empty for the last."""
    identity: Path
    bind: str
    """Empty for what the backup's parom.toml says."""
    config: Path
    """Where parom.toml is to be written."""


def choose(vault: Vault, wanted: Wanted) -> BackupManifest:
    """The backup that was named, or the last. Raises `recovery.no-backup`."""
    backups = vault.list()
    if not backups:
        raise errors.no_backup(wanted.vault)
    if not wanted.backup_id:
        return backups[-1]
    named = next((one for one in backups if one.id == wanted.backup_id), None)
    if named is None:
        raise vault_errors.unknown_backup(wanted.backup_id, [one.id for one in backups])
    return named


def begin(wanted: Wanted, backup: BackupManifest, host: Host) -> Path:
    """Mark the empty root as that of this recovery; the folder for the parts.

    Raises `recovery.not-empty`, `recovery.other-backup`, `recovery.no-room`,
    `recovery.incomplete-backup`.
    """
    lacking = [part for part in PARTS if part not in {one.name for one in backup.parts}]
    if lacking:
        raise errors.not_recoverable(backup.id, lacking)
    folder = wanted.root / ".parom" / "recovery"
    mark = folder / _MARK
    if mark.exists():
        begun = json.loads(mark.read_text(encoding="utf-8"))["backup"]
        if begun != backup.id:
            raise errors.other_backup(wanted.root, begun, backup.id)
        return folder
    if wanted.root.exists() and set(_leaves(wanted.root)):
        raise errors.not_empty(wanted.root)
    wanted.root.mkdir(parents=True, exist_ok=True)
    # Settings and media are copied to their places; the rest is moved.
    needed = sum(one.plain_bytes * (2 if one.name == "media" else 1) for one in backup.parts)
    free = host.free_bytes(wanted.root)
    if needed + needed // 10 > free:
        raise errors.no_room(wanted.root, needed + needed // 10, free)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.parent.chmod(0o700)
    write_atomically(mark, json.dumps({"backup": backup.id}).encode(), 0o600)
    return folder


def unpack(
    vault: Vault, backup: BackupManifest, identity: Path, folder: Path, progress: Progress
) -> None:
    """Restore the parts that an earlier attempt did not."""
    done = folder / "unpacked.json"
    if done.exists():
        return
    missing = [part for part in PARTS if not (folder / part).exists()]
    if missing:
        vault.restore(backup.id, identity, folder, missing, progress)
    # From here on the steps take the parts away; their absence must not unpack them again.
    write_atomically(done, b"{}", 0o600)


def write_config(wanted: Wanted, folder: Path) -> Path:
    """parom.toml for the new place, once: what a person changed in it since stays.

    Raises `recovery.config-exists`, and what reading a configuration raises.
    """
    written = folder / "configured.json"
    if written.exists():
        return Path(json.loads(written.read_text(encoding="utf-8"))["config"])
    text = (folder / "configuration" / CONFIG_FILE).read_text(encoding="utf-8")
    values: dict[Key, str] = {
        ("project", "root"): str(wanted.root),
        ("vault", "path"): str(wanted.vault),
        ("source", "location"): described(folder)["source"],
    }
    if wanted.bind:
        values["services", "bind"] = wanted.bind
    anchored = with_texts(text, values)
    parsed(anchored, wanted.config)
    if wanted.config.exists() and wanted.config.read_text(encoding="utf-8") != anchored:
        raise errors.config_exists(wanted.config)
    wanted.config.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(wanted.config, anchored.encode(), 0o600)
    write_atomically(written, json.dumps({"config": str(wanted.config)}).encode(), 0o600)
    return wanted.config


def described(folder: Path) -> dict[str, Any]:
    """What the backup says about the installation it was made of."""
    text = (folder / "configuration" / RECOVERY_FILE).read_text(encoding="utf-8")
    record: dict[str, Any] = json.loads(text)
    return record


def _leaves(root: Path) -> Sequence[Path]:
    """Files below a folder: empty folders of a killed beginning do not count."""
    return [path for path in root.rglob("*") if not path.is_dir()]
