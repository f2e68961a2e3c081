"""The application's database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from parom.errors import ParomError
from parom.facts import (
    DatabaseCopy,
    DatabaseFacts,
    DatabaseSettings,
    Process,
    ServerFacts,
    Snapshot,
    TableCount,
)
from parom.ports.openings import Openings
from parom.ports.progress import Progress
from parom.ports.written import Written


class Database(Written, Protocol):
    """The application's database: facts, copies, the swap; the capture is in `Written`."""

    @property
    def kind(self) -> str: ...

    @property
    def settings_name(self) -> str:
        """What Django's `NAME` is for it."""
        ...

    @property
    def copy_name(self) -> str:
        """What its copy in a backup is called."""
        ...

    @property
    def carries_rows(self) -> bool:
        """Whether `carry` can ever do it. If not, what users wrote is in quarantine after a late
        return, and nothing is put back from there.
        """
        ...

    @property
    def lies_on_disk(self) -> bool:
        """Whether its versions lie beside the installation, where the room for them is known."""
        ...

    @property
    def copies_on_disk(self) -> int:
        """How many copies of its size a run keeps beside the installation at once, at most."""
        ...

    def is_named_by(self, settings: DatabaseSettings, folder: Path) -> bool:
        """Whether a release's settings mean this database; relative paths count from `folder`."""
        ...

    def facts(self) -> DatabaseFacts:
        """What it is now. Raises `database.unreachable`."""
        ...

    def exists(self) -> bool:
        """Whether there is a live database with anything in it; looking makes none."""
        ...

    def applied_count(self) -> int:
        """How many migrations are noted: that it answers. Waits a second for a lock at most.

        Raises `database.unreachable`.
        """
        ...

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        """Processes that have it open and are neither Parom nor in `own`."""
        ...

    def counts(self) -> tuple[TableCount, ...]:
        """Exact row counts of all tables except those of the capture."""
        ...

    def openings(self) -> AbstractContextManager[Openings | None]:
        """Whether anybody opens the live database meanwhile; None where nobody can tell."""
        ...

    def opened_by(self, pids: frozenset[int]) -> tuple[int, ...]:
        """Which of these processes have it open, as far as this can be seen."""
        ...

    def end_idle(self, own: frozenset[int]) -> tuple[Process, ...]:
        """End strangers' sessions that do nothing, so that a stop need not wait for them; who
        was ended. None where to have it open is to hold it.
        """
        ...

    def copy_online(
        self, destination: Path, progress: Progress | None = None
    ) -> tuple[TableCount, ...]:
        """Write a consistent copy while the application goes on writing; what is in it."""
        ...

    def copy_of(
        self, snapshot_id: str, folder: Path, progress: Progress | None = None
    ) -> DatabaseCopy:
        """A finished snapshot as a file: its own, or one that is written into `folder`.

        Raises `database.no-snapshot`.
        """
        ...

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        """Prove that a copy is whole and count its rows. Raises `database.damaged`.

        `thorough` compares indexes with tables too, which takes several times as long.
        """
        ...

    def checking(
        self, copy: Path, *, thorough: bool = False
    ) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
        """`check_copy`, asked for its outcome once by calling what this yields.

        It is at work from the beginning of the block where it is a process that only reads, and
        ends with the block, asked or not. Elsewhere it begins when it is asked.
        """
        ...

    def rehearsed_on(self, copy: Path) -> Database:
        """A database of its own with what is in a copy, to be migrated and thrown away.

        Made anew by every call. It has the port's own methods, but for those of a rehearsal.
        """
        ...

    def end_rehearsal(self) -> None:
        """Delete what `rehearsed_on` made beside the copy, and what a `check_copy` left there
        whose Parom was killed; absent is fine."""
        ...

    def put_back(self, restored: Path) -> None:
        """Make a restored copy the live database of an installation that has none.

        `restored` is moved; where it is gone and a live one is there, that is done already.
        Raises `database.in-the-way` where another live one is there.
        """
        ...

    def obstacles(self) -> tuple[ParomError, ...]:
        """What would keep it from being copied, swapped or put into a backup; changes nothing."""
        ...

    def server(self) -> ServerFacts | None:
        """The server that it lives on; None where it is a file. Raises `database.unreachable`."""
        ...

    def make_ready(self) -> None:
        """Bring the live database into the form that can be swapped. Services stopped."""
        ...

    def prepare_snapshot(self, snapshot_id: str, progress: Progress | None = None) -> None:
        """Copy ahead while the application runs, so that `snapshot` has little left to do."""
        ...

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """The exact state of the stopped database as a sibling. Nobody may hold it open."""
        ...

    def find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        """A finished snapshot; None where there is none or only a part of one."""
        ...

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:
        """Let a snapshot never give out an id that the live database gave to a row; also where
        tables may have been `renamed`, and one of the same name may be another.

        Called before the swap of a return, once somebody was let in; what the highest ids are
        now, by table of the snapshot that was changed. Raises `database.no-snapshot`,
        `database.ids-not-kept`, and what opening a database raises.
        """
        ...

    def swap_in(self, snapshot_id: str) -> None:
        """Make the snapshot the live database. What was live is kept, never deleted.

        Raises `database.no-snapshot`: whoever opened a path that leads nowhere would make an
        empty database.
        """
        ...

    def swap_back(self, snapshot_id: str) -> None:
        """Undo `swap_in`: what was live before it is live again."""
        ...

    def start_over(self, snapshot_id: str) -> None:
        """Make a fresh copy of a snapshot live: for a migration that has to begin again.

        Nobody may hold the live one open; it is kept. Raises `database.no-snapshot`.
        """
        ...

    def put_away(self) -> None:
        """Let there be no live database, or an empty one: after a first installation that failed.

        What was live, behind its link (see `make_ready`), is kept; absent is fine.
        """
        ...

    def live_id(self) -> str:
        """Names the database that is live now; changes with a swap and with nothing else."""
        ...

    def stale(self, keep: frozenset[str]) -> tuple[str, ...]:
        """Ids of databases that are neither live nor in `keep`."""
        ...

    def discard(self, database_id: str) -> None:
        """Delete one that is not live; absent is fine."""
        ...
