"""Opens the journal of an installation: the file, its schema, Django around it."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.conf import settings

from parom.journal import settings as journal_settings

SCHEMA = 1
"""Kept in SQLite's `user_version`; below it the migrations run."""


def open_journal(state: Path) -> None:
    """Make the journal in `state` (Parom's folder of an installation) ready for use.

    One process opens one journal. Called again for the same folder it does nothing.
    """
    file = state / "journal.sqlite3"
    if settings.configured:
        opened = settings.DATABASES["default"]["NAME"]
        if opened != str(file):
            message = f"this process has the journal {opened} open, not {file}"
            raise RuntimeError(message)
        return
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    settings.configure(
        INSTALLED_APPS=journal_settings.INSTALLED_APPS,
        DEFAULT_AUTO_FIELD=journal_settings.DEFAULT_AUTO_FIELD,
        USE_TZ=True,
        TIME_ZONE="UTC",
        DATABASES=journal_settings.databases_at(file),
        LOGGING_CONFIG=None,
    )
    django.setup()
    _bring_up_to_date()


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
