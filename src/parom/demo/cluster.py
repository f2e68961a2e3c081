"""A cluster of PostgreSQL: made, started with a role and a database, ended."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from parom.demo.ports import free_port
from parom.demo.server_programs import Somebody
from parom.environment import clean_environment
from parom.errors import demo as errors

_HOST, _SUPERUSER = "127.0.0.1", "postgres"
_ROLE = _NAME = "hrhelper"
_STARTS = 3
"""A port that was free may be taken a moment later."""
_START_LIMIT_S, _EVERY_S = 60, 0.1
_ENDING = ((signal.SIGINT, 60), (signal.SIGQUIT, 20), (signal.SIGKILL, 20))
"""Fast, immediately, by force (PostgreSQL: Shutting Down the Server), each with its seconds."""


@dataclass
class Cluster:
    """In a folder of `user`, whose processes its programs are. The log lies elsewhere."""

    folder: Path
    log: Path
    programs: Path
    user: Somebody
    port: int = 0
    process: psutil.Popen | None = None
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """The superuser's. Nobody else learns it."""

    def make(self) -> None:
        """Raises `demo.server-not-started`."""
        secret = self._written("password", self.password)
        # A locale that every machine has.
        told = ("--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", f"--username={_SUPERUSER}")
        made = subprocess.run(
            [self.programs / "initdb", *told, f"--pwfile={secret}", self._data],
            check=False,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=clean_environment({"LC_ALL": "C"}),
            **self.user.of_process(),
        )
        secret.unlink()
        if made.returncode:
            raise errors.server_not_started(_last_line(made.stderr), self.log)

    def starts(self) -> Iterator[int]:
        """Try until it answers; the pid of each trial, to be noted before it goes on.

        Raises `demo.server-not-started`.
        """
        for _ in range(_STARTS):
            self.port = free_port()
            self.process = self._begun()
            yield self.process.pid
            if self._answers(self.process):
                return
            self.stop()
        raise errors.server_not_started(_last_line(self.log.read_text("utf-8")), self.log)

    def with_database(self) -> str:
        """Make the application's role and database; their address, with the role's password."""
        password = secrets.token_urlsafe(24)
        with self._connected() as connection:
            # What the server gets, and might log, is no password.
            proof = connection.pgconn.encrypt_password(
                password.encode(), _ROLE.encode(), b"scram-sha-256"
            ).decode()
            role, name = sql.Identifier(_ROLE), sql.Identifier(_NAME)
            making = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}")
            connection.execute(making.format(role, sql.Literal(proof)))
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, role))
        return f"postgresql://{_ROLE}:{password}@{_HOST}:{self.port}/{_NAME}"

    def stop(self) -> None:
        """And wait until it has ended; may be repeated."""
        if self.process is not None:
            end(self.process)
            self.process = None

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _written(self, name: str, content: str) -> Path:
        """A file that its user alone may read."""
        path = self.folder / name
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(content)
        self.user.own(path)
        return path

    def _begun(self) -> psutil.Popen:
        # No socket in a folder: the path of one must not be long. What is acknowledged is on
        # disk (fsync), as in production.
        settings = ("-c", "unix_socket_directories=", "-h", _HOST, "-p", str(self.port))
        with self.log.open("ab") as log:
            return psutil.Popen(
                [self.programs / "postgres", "-D", self._data, *settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=clean_environment({"LC_ALL": "C"}),
                start_new_session=True,  # Ctrl-C is for the demonstration
                **self.user.of_process(),
            )

    def _answers(self, process: psutil.Popen) -> bool:
        """Whether it does within the limit. Whoever else may have the port knows no password."""
        deadline = time.monotonic() + _START_LIMIT_S
        while process.poll() is None and time.monotonic() < deadline:
            try:
                self._connected().close()
            except psycopg.OperationalError:
                time.sleep(_EVERY_S)
            else:
                return True
        return False

    def _connected(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=_HOST,
            port=self.port,
            user=_SUPERUSER,
            password=self.password,
            dbname="postgres",
            autocommit=True,
            connect_timeout=_START_LIMIT_S,
        )


def end(server: psutil.Process | psutil.Popen) -> None:
    """End a server and all of its processes, gently first; one that has ended is fine."""
    for how, limit_s in _ENDING:
        try:
            server.send_signal(how)
            server.wait(limit_s)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired:
            continue
        return


def _last_line(said: str) -> str:
    return (said.strip().splitlines() or [""])[-1]
