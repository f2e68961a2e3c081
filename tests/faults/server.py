"""The PostgreSQL server of one installation: its data lie beside the folder, and are copied
with it, so that names, oids and comments in a copy are those of the original.

One server a slot, not one for all: a case may stop it, fill its disk, or cut the power.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.support.ports import free_port
from tests.support.postgresql_programs import SOMEBODY, programs_for

APP, ROLE = "app", "notes_owner"
_PASSWORD = "of the fault runs"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
# The kernel outlives whatever ends the server here, and with it every page that was written.
fsync = off
max_connections = 40
shared_buffers = 16MB
autovacuum_naptime = 1h
max_wal_size = 64MB
log_line_prefix = '%m [%p] %q%a '
log_statement = ddl
"""
_STARTS, _LIMIT_S = 3, 120
"""A port that was free may be taken a moment later."""


@dataclass
class Server:
    """The data of one, and the port on which it answers while it runs."""

    folder: Path
    port: int = 0

    @property
    def programs(self) -> Path:
        return programs_for(self.folder)

    @property
    def address(self) -> str:
        """What the application is told."""
        return address_of(self.port)

    def make(self) -> None:
        """With the application's role and its database, both empty."""
        self.folder.mkdir()
        _owned_by_the_server(self.folder)
        secret = self.folder / "password"
        secret.write_text(_PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        self._run("initdb", "-U", "postgres", "-A", "password", f"--pwfile={secret}",
                  "--encoding=UTF8", "--locale=C", "--no-sync", "--wal-segsize=1")  # fmt: skip
        secret.unlink()
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(_SETTINGS)
        self.start()
        with self.connect("postgres") as admin:
            admin.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{_PASSWORD}'")
            admin.execute(f"CREATE DATABASE {APP} OWNER {ROLE}")

    def start(self) -> None:
        """Returns once it answers: after its own recovery, where it needs one."""
        for attempt in range(_STARTS):
            self.port = self.port or free_port()
            try:
                self._run("pg_ctl", "start", "-w", f"-t{_LIMIT_S}", "-o", f"-p {self.port}",
                          "-l", str(self.folder / "log"))  # fmt: skip
            except subprocess.CalledProcessError:
                if attempt == _STARTS - 1:
                    raise
                continue
            return

    def stop(self, mode: str = "immediate") -> None:
        """`immediate` breaks everything off, and leaves a recovery to the next start; `fast`
        ends the sessions and writes everything down. Nothing, where it does not run."""
        if self.is_running():
            self._run("pg_ctl", "stop", "-w", f"-t{_LIMIT_S}", "-m", mode)

    def is_running(self) -> bool:
        argv: list[str | Path] = [self.programs / "pg_ctl", "status", "-D", self._data]
        return (self._data / "postmaster.pid").exists() and not subprocess.run(
            argv, check=False, capture_output=True, cwd=self.folder, **SOMEBODY
        ).returncode

    def connect(self, name: str = APP) -> psycopg.Connection[Any]:
        """As the superuser, in autocommit mode."""
        return connected(self.port, name)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, program: str, *arguments: str) -> None:
        # Files, not pipes: a server that was started keeps them open.
        with (self.folder / "programs.log").open("ab") as log:
            subprocess.run(
                [self.programs / program, "-D", self._data, *arguments],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **SOMEBODY,
            )


def connected(port: int, name: str) -> psycopg.Connection[Any]:
    return psycopg.connect(
        dbname=name,
        user="postgres",
        password=_PASSWORD,
        host="127.0.0.1",
        port=port,
        autocommit=True,
        connect_timeout=20,
    )


def address_of(port: int) -> str:
    return f"postgresql://{ROLE}:{_PASSWORD.replace(' ', '%20')}@127.0.0.1:{port}/{APP}"


def server_of(top: Path) -> Server:
    """The one beside an installation; its folder is not there where there is none."""
    return Server(top.with_name(f"{top.name}.server"))


def copy_of(server: Server, top: Path) -> Server:
    """A stopped server's data, beside another installation, on another port."""
    copied = server_of(top)
    remove(copied)
    subprocess.run(
        ["cp", "-a", "--reflink=auto", server.folder, copied.folder], check=True
    )  # with its owner
    (copied.folder / "log").unlink(missing_ok=True)
    return copied


def remove(server: Server) -> None:
    if server.folder.exists():
        server.stop()
        subprocess.run(["rm", "-rf", server.folder], check=True)


def make_programs_known(base: Path) -> None:
    """One copy of the programs for all servers of a run, where they need one: `base` must let
    others in."""
    base.chmod(0o711)
    os.environ["PAROM_TEST_POSTGRESQL"] = str(programs_for(base))


def _owned_by_the_server(folder: Path) -> None:
    if SOMEBODY:
        import shutil

        shutil.chown(folder, SOMEBODY["user"], SOMEBODY["group"])
