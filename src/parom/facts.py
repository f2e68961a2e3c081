"""Records of what is true now. Pure data: nothing here looks at the world.

Sizes are bytes, durations seconds, times aware datetimes (UTC).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Finished:
    """A command that ran to its end (or was ended at its time limit)."""

    argv: tuple[str, ...]
    exit_code: int
    """The process's exit status; negative is the signal that ended it."""
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False

    @property
    def succeeded(self) -> bool:
        return self.exit_code == 0 and not self.timed_out


@dataclass(frozen=True)
class Process:
    """A process as a person would name it."""

    pid: int
    name: str
    command: str
    """The command line, as far as it surely holds no secret."""
    started: float
    """Start time in seconds since the epoch; with the pid it identifies the process."""


@dataclass(frozen=True)
class Release:
    """An immutable directory of code with its own environment."""

    id: str
    source: str
    """Where it came from, as a person would say it: repository and ref, or directory."""
    revision: str
    """The commit, or the SHA-256 of the tree."""
    created: datetime


@dataclass(frozen=True)
class SourceRevision:
    """What a ref means now: fixed, so that fetching it twice gives the same tree."""

    described: str
    revision: str
    label: str
    """Short form for a release id: seven characters of the revision."""


@dataclass(frozen=True, order=True)
class Migration:
    """One migration of one Django app."""

    app: str
    name: str

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"


@dataclass(frozen=True)
class MigrationOperation:
    """One operation of a pending migration, as the release's own Django describes it."""

    migration: Migration
    kind: str
    """The class name: AddField, RunPython, ..."""
    described: str
    reversible: bool
    atomic: bool
    """Whether its migration runs in a transaction."""
    model: str = ""
    field: str = ""
    null: bool | None = None
    """For AddField and AlterField: whether the column may be NULL."""
    has_default: bool | None = None


@dataclass(frozen=True)
class MigrationFacts:
    """The migration graph of a release against a database."""

    applied: tuple[Migration, ...]
    on_disk: tuple[Migration, ...]
    pending: tuple[Migration, ...]
    """In the order in which Django would run them."""
    conflicts: tuple[tuple[str, tuple[str, ...]], ...]
    """App label and its competing leaf migrations."""
    unknown: tuple[Migration, ...]
    """Applied in the database, of an app of this release, but not in its code: the
    database is newer than the code."""
    operations: tuple[MigrationOperation, ...] = ()


@dataclass(frozen=True)
class DatabaseSettings:
    """Where a release's `default` database is, as its own settings say."""

    engine: str
    """Django's engine path, e.g. django.db.backends.sqlite3."""
    name: str
    host: str = ""
    port: str = ""
    user: str = ""

    def described(self, folder: Path) -> str:
        """For people; a relative path of a file counts from `folder`."""
        kind = self.engine.rpartition(".")[2]
        if kind in ("sqlite3", "spatialite"):
            return str(folder / self.name)
        place = f"{self.host}:{self.port}".strip(":")
        return f"{kind} {self.name}" + (f" ({place})" if place else "")


@dataclass(frozen=True)
class ProjectFacts:
    """What the release's own interpreter says about the project."""

    django_version: str
    python_version: str
    settings_module: str
    database: DatabaseSettings
    media_root: str
    static_root: str
    installed_apps: tuple[str, ...]
    middleware: tuple[str, ...]
    wsgi_application: str
    debug: bool


@dataclass(frozen=True)
class CheckMessage:
    """One message of `manage.py check --deploy`."""

    id: str
    level: int
    """Django's level: 10 debug .. 50 critical; 40 and above are errors."""
    message: str
    hint: str = ""
    obj: str = ""


@dataclass(frozen=True)
class DatabaseFacts:
    """The live database now."""

    engine: str
    """sqlite, postgresql, mariadb or memory."""
    version: str
    size_bytes: int
    location: str
    tables: int
    journal_mode: str = ""


@dataclass(frozen=True)
class ServerFacts:
    """The server that a database lives on, as far as Parom's role is told."""

    location: str
    role: str
    size_bytes: int
    """Of the live database."""
    copies: int
    """How many copies of that size a run keeps on the server at once, at most."""
    ends_sessions: bool
    """Whether the role may end sessions of other roles."""
    by_socket: bool
    """Whether it is reached by a socket of this machine, where sessions have no ports."""
    kind: str = "postgresql"


@dataclass(frozen=True)
class DatabaseCopy:
    """A copy of a database as a file, and what is in it."""

    file: Path
    tables: tuple[TableCount, ...]


class ServiceState(enum.StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True)
class ServiceStatus:
    """One service of the installation now."""

    name: str
    state: ServiceState
    pids: tuple[int, ...] = ()
    restarts: int = 0
    """How often it was started anew since it was last started on purpose."""
    detail: str = ""


class GatewayState(enum.StrEnum):
    OPEN = "open"
    HELD = "held"
    CLOSED = "closed"


@dataclass(frozen=True)
class PrivateInstance:
    """A release answering on an address that the public does not have."""

    base_url: str
    pids: tuple[int, ...]
    log: Path


@dataclass(frozen=True)
class Probe:
    """One HTTP request and how it went. `error` is set when there was no answer."""

    method: str
    url: str
    started: float
    """Seconds since the epoch."""
    status: int | None
    total_s: float
    connect_s: float | None = None
    first_byte_s: float | None = None
    bytes_read: int = 0
    error: str = ""


@dataclass(frozen=True)
class Row:
    """One sample as it is kept: a probe, memory, a page, a log, a check. What each kind puts
    where is in `verdict/kept.py`."""

    at: float
    """Seconds since the epoch."""
    kind: str
    name: str
    status: int | None = None
    seconds: float = 0.0
    error: str = ""
    data: str = ""
    """JSON; empty for nothing."""


@dataclass(frozen=True)
class TableCount:
    table: str
    rows: int


@dataclass(frozen=True)
class BackupPart:
    """One encrypted archive of a backup."""

    name: str
    """code, database, configuration or media."""
    file: str
    plain_bytes: int
    """Of the tar stream before compression."""
    cipher_bytes: int
    cipher_sha256: str
    members: int
    plain_sha256: str = ""
    """Of the tar stream; empty from format 2 of the manifest on."""


@dataclass(frozen=True)
class BackupManifest:
    """What a backup holds and how it was proven. Carries no secret."""

    id: str
    created: datetime
    environment: str
    release_id: str
    parts: tuple[BackupPart, ...]
    tables: tuple[TableCount, ...]
    migrations: tuple[str, ...]
    recipients: tuple[str, ...]
    verified: bool
    verified_how: str
    versions: dict[str, str] = field(default_factory=dict)
    format: int = 2


@dataclass(frozen=True)
class Snapshot:
    """A live sibling copy of the database that can be swapped in at once."""

    id: str
    location: str
    size_bytes: int


@dataclass(frozen=True)
class CapturedRow:
    """A row written after opening, in its last state, for the quarantine."""

    table: str
    operation: str
    """insert, update or delete: what the row's history since opening amounts to."""
    key: dict[str, object]
    row: dict[str, object] | None
    """Column -> value as it stood at the rollback; None for a deleted row. Values that
    JSON lacks are written as {"$bytes": base64}."""


class Level(enum.StrEnum):
    """How grave a finding is. An error stops the deployment."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """What a gate saw, with what to do about it."""

    gate: str
    level: Level
    fact: str
    cure: str = ""
