"""A PostgreSQL server of the demonstration's own: on loopback, ended when that has."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from parom.birth import birth_of, living, read_birth
from parom.demo.cluster import Cluster, end
from parom.demo.server_programs import Somebody, within_reach
from parom.durable import write_atomically

_ELSEWHERE = "parom-demo-postgresql-"


@dataclass(frozen=True)
class Server:
    """A server that runs, with an empty database. Its role owns that and may make others; it
    is no superuser."""

    programs: Path
    url: str = field(repr=False)
    """As the application's settings take it; the role's password is in it."""


@contextmanager
def running(top: Path, programs: Path, user: Somebody) -> Iterator[Server]:
    """In the demonstration's folder; in a temporary one where the server's user may not go there.

    Ended however this is left. The data stay, but in a temporary folder. Raises
    `demo.server-not-started`.
    """
    folder = _made_folder(top, user)
    try:
        reached = within_reach(programs, user, folder)
        cluster = Cluster(folder, top / "postgresql.log", reached, user)
        try:
            cluster.make()
            for pid in cluster.starts():
                _write_note(top, {**birth_of(pid), "folder": str(folder)})
            yield Server(reached, cluster.with_database())
        finally:
            cluster.stop()
    finally:
        end_left(top)


def end_left(top: Path) -> None:
    """End the server of a demonstration that was killed, and what it left; absent is fine."""
    note = read_birth(_note(top))
    process = living(note)
    if process is not None:
        end(process)
    folder = Path(note.get("folder", top))
    if folder.parent == Path(tempfile.gettempdir()) and folder.name.startswith(_ELSEWHERE):
        shutil.rmtree(folder, ignore_errors=True)
    _note(top).unlink(missing_ok=True)


def _made_folder(top: Path, user: Somebody) -> Path:
    """Its user's own. Noted before anything is in it, so that it is found again."""
    if user.may_enter(top):
        folder = top / "postgresql"
        folder.mkdir(mode=0o700)
    else:
        folder = Path(tempfile.mkdtemp(prefix=_ELSEWHERE))
    _write_note(top, {"folder": str(folder)})
    user.own(folder)
    return folder


def _note(top: Path) -> Path:
    return top / "postgresql.json"


def _write_note(top: Path, told: Mapping[str, object]) -> None:
    write_atomically(_note(top), json.dumps(told).encode(), 0o600)
