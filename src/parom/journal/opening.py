"""Opens the journal of an installation: the file, its schema, Django around it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import django
from django.conf import settings

from parom.errors import engine as errors
from parom.errors import host as host_errors
from parom.journal import settings as journal_settings
from parom.words.said import said

SCHEMA = 3
"""Kept in SQLite's `user_version`; below it the migrations run."""


def open_journal(state: Path) -> None:
    """Make the journal in `state` (Parom's folder of an installation) ready for use.

    One process opens one journal. Called again for the same folder it does nothing.
    Raises `installation.other-owner`, `root.no-parent`, `journal.unwritable`,
    `journal.unreadable`, `journal.newer`.
    """
    _refuse_other_owner(state)
    file = state / "journal.sqlite3"
    if settings.configured:
        opened = settings.DATABASES["default"]["NAME"]
        if opened != str(file):
            message = f"this process has the journal {opened} open, not {file}"
            raise RuntimeError(message)
        return
    _make(state, file)
    if schema_of(state) > SCHEMA:
        raise errors.journal_newer(str(file), schema_of(state), SCHEMA)
    settings.configure(
        INSTALLED_APPS=journal_settings.INSTALLED_APPS,
        DEFAULT_AUTO_FIELD=journal_settings.DEFAULT_AUTO_FIELD,
        USE_TZ=True,
        TIME_ZONE="UTC",
        DATABASES=journal_settings.databases_at(file),
        LOGGING_CONFIG=None,
    )
    django.setup()
    with _alone(state):
        _bring_up_to_date()


def open_existing(state: Path) -> None:
    """The same for a journal that must be there already: asking must not make one.

    Raises also `installation.absent`.
    """
    if not (state / "journal.sqlite3").exists():
        raise errors.not_installed(str(state.parent))
    open_journal(state)


def schema_of(state: Path) -> int:
    """The schema of the journal in `state`, which must exist. Raises `journal.unreadable`."""
    file = state / "journal.sqlite3"
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=20)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as problem:
        raise errors.journal_unreadable(str(file), str(problem)) from None


def _refuse_other_owner(state: Path) -> None:
    """Who owns Parom's folder runs it; before there is one, who owns the installation's."""
    place = state if state.exists() else state.parent
    if not place.exists() or place.stat().st_uid == os.geteuid():
        return
    owner, me = _user_name(place.stat().st_uid), _user_name(os.geteuid())
    raise errors.other_owner(str(state.parent), owner, me)


def _user_name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _make(state: Path, file: Path) -> None:
    """The folder and an empty file, for its owner only.

    The folder above the root is not made: where it is missing, most likely a disk is, and an
    installation made in its mount point would look like a new one.
    """
    root = state.parent
    if not root.parent.is_dir():
        raise host_errors.no_parent(root)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
        elif not os.access(file, os.R_OK | os.W_OK):
            raise errors.journal_unwritable(str(file), said("it belongs to somebody else"))
    except OSError as problem:
        place = problem.filename or file
        raise errors.journal_unwritable(str(place), problem.strerror or str(problem)) from None


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """One process at a time: two that make the tables at the same instant would collide."""
    descriptor = os.open(state / "journal.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _bring_up_to_date() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA user_version")
        row = cursor.fetchone()
    if row[0] >= SCHEMA:
        return
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA user_version = {SCHEMA:d}")
