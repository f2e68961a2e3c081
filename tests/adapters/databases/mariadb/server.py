"""A real MariaDB for tests, in a folder of its own: the system's programs, never its service."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pymysql

from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.database import MariaDBDatabase
from tests.support.mariadb_programs import program
from tests.support.ports import free_port
from tests.support.postgresql_programs import SOMEBODY
from tests.support.waiting import wait_until

APP, ROLE = "app", "app_user"
_STARTS = 3
_CHEAP = (
    *("--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-log-bin", "--max-connections=40"),
    *("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M"),
    *(
        "--innodb-log-file-size=16M",
        "--innodb-flush-method=nosync",
        "--sync-frm=0",
        "--innodb-doublewrite=0",
        "--performance-schema=OFF",
    ),
    *(
        "--character-set-server=utf8mb4",
        "--default-time-zone=+05:00",
        "--aria-log-file-size=8M",
        "--innodb-fast-shutdown=2",
    ),
)


class Server:
    """Started and stopped as often as a test likes; the data stay."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.password = f"canary\"\\#' {secrets.token_hex(8)}"
        self._data, temporary = folder / "data", folder / "tmp"
        self._own = f"--tmpdir={temporary}"
        """One that starts removes what others have in the same folder."""
        self._process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        for one in (self._data, self.folder / "tmp"):
            one.mkdir()
            if SOMEBODY:
                shutil.chown(one, SOMEBODY["user"], SOMEBODY["group"])
        made = subprocess.run(
            [
                *(program("mariadb-install-db"), "--no-defaults", f"--datadir={self._data}"),
                *("--auth-root-authentication-method=normal", "--skip-test-db"),
                *("--innodb-log-file-size=16M", "--aria-log-file-size=8M", self._own),
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            **SOMEBODY,
        )
        assert made.returncode == 0, made.stdout + made.stderr
        self.start()

    def start(self) -> None:
        for _ in range(_STARTS):
            self.port = self.port or free_port()
            self._process = self._begun()
            with contextlib.suppress(_EndedError):
                wait_until(self._answers, "an answer of MariaDB")
                return
            self.port = 0
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8"))

    def kill(self) -> None:
        """At once, as a failure would."""
        if self._process:
            self._process.kill()
            self._process.wait(60)
            self._process = None

    def connect(self, name: str | None = None, **more: Any) -> pymysql.Connection[Any]:
        """As root, in autocommit mode; `root` has no password on this loopback."""
        given = {"user": "root", "host": "127.0.0.1", "port": self.port, **more}
        return pymysql.connect(database=name, charset="utf8mb4", autocommit=True, **given)

    def ask(self, statement: str, *values: object, name: str | None = APP) -> list[tuple[Any, ...]]:
        """One statement of the application, in a connection of its own; the rows, if any."""
        with self.connect(name) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall())

    def make_app(self, *statements: str) -> None:
        """The application's database, and a role that may do what the how-to says."""
        self.ask(f"CREATE DATABASE {APP}", name=None)
        host = "'127.0.0.1'"
        self.ask(f"CREATE USER {ROLE}@{host} IDENTIFIED BY %s", self.password, name=None)
        for pattern in (APP, rf"{APP}\_\_parom\_%"):
            self.ask(f"GRANT ALL ON `{pattern}`.* TO {ROLE}@{host}", name=None)
        for statement in statements:
            self.ask(statement)

    def access(self, **more: Any) -> Access:
        own = {"host": "127.0.0.1", "port": self.port, "user": ROLE, "password": self.password}
        return Access(APP, **{**own, **more})

    def database(self, **more: Any) -> MariaDBDatabase:
        return MariaDBDatabase(self.access(**more))

    def forget(self) -> None:
        """Drop every database and role that a test left."""
        kept = ("information_schema", "performance_schema", "mysql", "sys")
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute("SET foreign_key_checks = 0")
            cursor.execute("SHOW DATABASES")
            for (name,) in cursor.fetchall():
                if name not in kept:
                    cursor.execute(f"DROP DATABASE `{name}`")
        self.ask(f"DROP USER IF EXISTS {ROLE}@'127.0.0.1'", name=None)

    def schemas(self) -> set[str]:
        found = {name for (name,) in self.ask("SHOW DATABASES", name=None)}
        return {name for name in found if name.startswith(APP)}

    def _begun(self) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(program("mariadbd"), "--no-defaults", f"--datadir={self._data}"),
                    *(f"--port={self.port}", f"--socket={self.folder / 'data' / 's'}", *_CHEAP),
                    self._own,
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **SOMEBODY,
            )

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise _EndedError
        try:
            self.connect().close()
        except pymysql.err.OperationalError:
            return False
        return True


class _EndedError(Exception):
    """The server did not start: most likely somebody else has the port."""


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that is gone afterwards, with everything in it."""
    program("mariadbd")
    folder = Path(tempfile.mkdtemp(prefix="parom-mariadb-"))
    try:
        folder.chmod(0o755)
        server = Server(folder)
        try:
            server.make()
            yield server
        finally:
            server.kill()
    finally:
        shutil.rmtree(folder)
