"""What Parom needs of the world, one narrow interface each.

Every method that changes something may be called twice: it looks first, and a second
call finds its work done. Sizes are bytes, durations seconds. What cannot be done
raises `ParomError`; nothing else is part of a contract.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from parom.facts import (
    BackupManifest,
    CapturedRow,
    DatabaseFacts,
    Finished,
    GatewayState,
    PrivateInstance,
    Process,
    Release,
    ServiceStatus,
    Snapshot,
    SourceRevision,
    TableCount,
)

Progress = Callable[[int, int], None]
"""Called with (done, total) in bytes or items while long work goes on."""


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now(self) -> datetime:
        """The time of day, aware, UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...


class Begun(Protocol):
    """A command that was started ahead and waits for its input."""

    def finish(self, timeout_s: float, stdin: bytes = b"") -> Finished:
        """Give it its input and let it come to its end; the time counts from now."""
        ...

    def abandon(self) -> None:
        """End it, whatever it does; may be repeated."""
        ...


class Host(Protocol):
    """A machine on which commands run."""

    def begin(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Begun:
        """Start a command that reads its input to the end before it does anything.

        What cannot be started says so when it is finished. Should Parom die, the command
        sees the end of an empty input.
        """
        ...

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 600,
        stdin: bytes = b"",
    ) -> Finished:
        """Run a command to its end. `env` is added to a small clean environment.

        A command that cannot be started gives exit code 127 and the reason in stderr.
        At the time limit its whole process group is ended and `timed_out` is set.
        """
        ...

    def free_bytes(self, path: Path) -> int:
        """What an ordinary user may still write on the file system of `path`."""
        ...


class Source(Protocol):
    """Where releases come from."""

    def resolve(self, ref: str) -> SourceRevision:
        """Fix what `ref` means now. Raises `source.unknown-ref`."""
        ...

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        """Write the tree of that revision to `destination`, which must not exist.

        Written to a name beside it and renamed: there is a whole tree or none.
        """
        ...


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


class Database(Protocol):
    """The application's database: facts, copies, the swap, the capture."""

    @property
    def kind(self) -> str: ...

    def facts(self) -> DatabaseFacts:
        """What it is now. Raises `database.unreachable`."""
        ...

    def exists(self) -> bool:
        """Whether there is a live database with anything in it; looking makes none."""
        ...

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        """Processes that have it open and are neither Parom nor in `own`."""
        ...

    def counts(self) -> tuple[TableCount, ...]:
        """Exact row counts of all tables except those of the capture."""
        ...

    def copy_online(self, destination: Path, progress: Progress | None = None) -> None:
        """Write a consistent copy while the application goes on writing."""
        ...

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        """Prove that a copy is whole and count its rows. Raises `database.damaged`.

        `thorough` compares indexes with tables too, which takes several times as long.
        """
        ...

    def put_back(self, restored: Path) -> None:
        """Make a restored copy the live database of an installation that has none.

        `restored` is moved; where it is gone and a live one is there, that is done already.
        Raises `database.in-the-way` where another live one is there.
        """
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

    def keep_ids(self, snapshot_id: str) -> Mapping[str, int]:
        """Let a snapshot never give out an id that the live database gave to a row.

        Called before the swap of a return, once somebody could write; what the highest ids are
        now, by table of the snapshot that was changed. Raises `database.no-snapshot`, and what
        reading a database raises.
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
        """Let there be no live database: after a first installation that failed.

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

    def install_capture(self, run_id: str) -> None:
        """Record from now on which rows are written."""
        ...

    def clear_capture(self) -> None:
        """Forget what was recorded so far: called last thing before opening."""
        ...

    def capture_installed(self) -> bool: ...

    def captured_rows(self) -> Iterator[CapturedRow]:
        """The last state of every row written since `clear_capture`."""
        ...

    def capture_gaps(self) -> tuple[str, ...]:
        """Tables of which the capture cannot know all that was written.

        They were made, made anew or dropped since it was installed, or are of a kind that
        cannot be watched.
        """
        ...

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        """Rows of one table that the snapshot has not, or not so; never too few.

        Raises `database.no-snapshot`, `database.not-comparable`.
        """
        ...

    def remove_capture(self) -> None:
        """Take the capture out again; absent is fine."""
        ...


class Services(Protocol):
    """The application's processes: web, workers, schedulers."""

    def status(self) -> tuple[ServiceStatus, ...]:
        """Each configured service now, judged by its processes."""
        ...

    def processes(self) -> frozenset[int]:
        """The pids of all of them with their children, private instance included."""
        ...

    def stop(self) -> None:
        """Every service and any private instance: gracefully, then by force.

        Verified by process. Raises `services.still-running` naming what is left.
        """
        ...

    def start_private(self) -> PrivateInstance:
        """Start web from the running path where only Parom reaches it, and wait until it
        accepts. Raises `services.not-started` with the end of its log."""
        ...

    def stop_private(self) -> None:
        """End the private instance; absent is fine."""
        ...

    def start_background(self) -> None:
        """Workers, then schedulers; verified alive, not in a restart loop."""
        ...

    def start_web(self) -> None:
        """The public web service; verified alive. Returns when it serves the public."""
        ...


class Gateway(Protocol):
    """What stands between the public and the services."""

    @property
    def can_hold(self) -> bool:
        """Whether connections can wait; otherwise the public sees 503 instead."""
        ...

    def state(self) -> GatewayState: ...

    def hold(self, limit_s: float) -> None:
        """Let the public wait. After `limit_s` it closes by itself, whoever is still alive."""
        ...

    def close(self) -> None:
        """The public sees the maintenance page (503)."""
        ...

    def open(self, instance: PrivateInstance | None) -> None:
        """Let the public in: at once to `instance` where one runs, else to the web service."""
        ...

    def settle(self) -> None:
        """After the public web service serves: take away what `open` put in between."""
        ...

    def bypass_headers(self) -> dict[str, str]:
        """Headers with which Parom's own checks pass while closed; empty where not needed."""
        ...

    def public_url(self) -> str:
        """The address at which the public, or a proxy in front, reaches the application."""
        ...


class Trial(Protocol):
    """Starts a release beside the production, on a copy of its data."""

    def settings_env(self, release: Path, database: Path, media: Path) -> Mapping[str, str]:
        """Environment with which a command of the release works on `database` instead."""
        ...

    def start(self, release: Path, database: Path, media: Path) -> PrivateInstance:
        """Start the release's web command on a free loopback port against `database`.

        Raises `services.not-started`, and what `kept_apart` raises.
        """
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


class Vault(Protocol):
    """Encrypted backups."""

    def create(
        self,
        manifest: BackupManifest,
        parts: Mapping[str, Sequence[tuple[str, Path]]],
        check: Callable[[str, Path], None],
        scratch: Path,
        progress: Progress | None = None,
    ) -> BackupManifest:
        """Write an encrypted backup, restore it into `scratch` and compare.

        `parts` maps a part's name to (name in the archive, path) pairs. `check` is called
        with a part's name and the folder it was restored to, and raises where it differs.
        The returned manifest has parts and hashes filled in and `verified` set.
        What was restored stays in `scratch`, one folder a part, for the caller to use.
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
