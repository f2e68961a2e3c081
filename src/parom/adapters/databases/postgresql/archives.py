"""Archives of pg_dump: written, proven by restoring them, and made into a database."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.programs import Programs, Ran, run
from parom.errors import postgresql as errors
from parom.ports import Progress

_HEAD = b"PGDMP"
_LOCK = "20s"
"""How long a dump waits for a table that somebody changes."""
_RESTORING = {
    "PGOPTIONS": "-c synchronous_commit=off -c maintenance_work_mem=128MB"
    " -c default_transaction_read_only=off"
}
"""What is made from a file can be made again."""
_NOT_IN_SCRATCH = (
    *("--no-owner", "--no-privileges", "--no-comments", "--no-security-labels"),
    *("--no-publications", "--no-subscriptions", "--no-tablespaces"),
)
_OF_THE_DATABASE = (" DATABASE ", " DATABASE PROPERTIES ")


class Archives:
    """Those of one server, whose major version is `server`."""

    def __init__(self, access: Access, programs: Programs, server: int) -> None:
        self._access, self._programs, self._server = access, programs, server

    def write(
        self, target: Path, database: str, instant: str, size_bytes: int, progress: Progress | None
    ) -> None:
        """A database at an exported instant, synced; `size_bytes` is a guess at how much that
        will be. An exception of `progress` ends it and passes.

        Raises `database.not-copied`, `database.no-program`.
        """
        program = self._programs.path_of("pg_dump", self._server)
        os.close(os.open(target, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))

        def told() -> None:
            if progress:
                progress(min(target.stat().st_size, size_bytes), size_bytes)

        argv: list[str | Path] = [
            *(program, "--format=custom", "--compress=0", "--no-password"),
            *(f"--lock-wait-timeout={_LOCK}", f"--snapshot={instant}", f"--file={target}"),
        ]
        with self._access.environment(database) as environment:
            ran = run(argv, environment, told)
        if ran.exit_code:
            raise errors.not_copied(database, ran.reason)
        if progress:
            size = target.stat().st_size
            progress(size, size)

    def restore_for_proof(self, archive: Path, scratch: str, *, thorough: bool) -> None:
        """Into an empty database, as whoever does it. `thorough` makes indexes, constraints and
        triggers too. Raises `database.damaged`, `database.not-restored`."""
        sections = () if thorough else ("--section=pre-data", "--section=data")
        self._restore(archive, scratch, (*_NOT_IN_SCRATCH, *sections))

    def restore(self, archive: Path, database: str) -> None:
        """Everything, with owners and grants. Raises as above."""
        self._restore(archive, database, ())

    def make_database(self, archive: Path) -> None:
        """Make the empty database that an archive was written of, under the name it had, with
        its owner, grants and settings. Raises as above."""
        listed = self._read(archive, "--create", "--list")
        wanted = [
            line
            for line in listed.splitlines()
            if not line.startswith(";") and any(kind in line for kind in _OF_THE_DATABASE)
        ]
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as chosen:
            chosen.write("\n".join(wanted) + "\n")
            chosen.flush()
            options = ("--create", f"--use-list={chosen.name}")
            self._restore(archive, self._access.maintenance, options)

    def name_in(self, archive: Path) -> str:
        """What the database was called. Raises `database.damaged`."""
        mark = ";     dbname: "
        lines = self._read(archive, "--list").splitlines()
        return next((one.removeprefix(mark) for one in lines if one.startswith(mark)), "")

    def _restore(self, archive: Path, database: str, options: Sequence[str]) -> None:
        check_head(archive)
        argv = ["--exit-on-error", "--no-password", f"--dbname={database}", *options, str(archive)]
        with self._access.environment(database) as environment:
            ran = self._run(argv, {**environment, **_RESTORING})
        if ran.exit_code:
            # Which of the two it is: the same once more, with no server in it.
            self._read(archive, "--file=/dev/null")
            raise errors.not_restored(archive, ran.reason)

    def _read(self, archive: Path, *options: str) -> str:
        check_head(archive)
        ran = self._run([*options, str(archive)], {})
        if ran.exit_code:
            raise errors.damaged(archive, ran.reason)
        return ran.output

    def _run(self, argv: Sequence[str], environment: dict[str, str]) -> Ran:
        return run([self._programs.path_of("pg_restore", self._server), *argv], environment)


def check_head(archive: Path) -> None:
    """Raises `database.damaged` for what is no archive at all."""
    try:
        with archive.open("rb") as opened:
            head = opened.read(len(_HEAD))
    except OSError as problem:
        raise errors.damaged(archive, problem.strerror or str(problem)) from None
    if head != _HEAD:
        raise errors.damaged(archive, "its first bytes are not those of an archive")


def digest_of(archive: Path) -> str:
    with archive.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
