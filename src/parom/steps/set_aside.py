"""Databases that a return replaced: nothing is deleted before the vault's retention."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from parom.durable import write_atomically
from parom.steps.step import Context


def set_aside(context: Context, database_id: str) -> None:
    """Remember that a database was replaced now, before it is."""
    folder = _folder(context)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    now = context.installation.clock.now().isoformat()
    write_atomically(folder / database_id, now.encode(), 0o600)


def recently_set_aside(context: Context) -> frozenset[str]:
    """Those within retention; the memory of older ones is dropped."""
    folder = _folder(context)
    if not folder.exists():
        return frozenset()
    limit = timedelta(days=context.installation.config.vault.retention_days)
    oldest = context.installation.clock.now() - limit
    recent = set()
    for file in folder.iterdir():
        if datetime.fromisoformat(file.read_text(encoding="utf-8")) >= oldest:
            recent.add(file.name)
        else:
            file.unlink()
    return frozenset(recent)


def _folder(context: Context) -> Path:
    return context.installation.state / "set-aside"
