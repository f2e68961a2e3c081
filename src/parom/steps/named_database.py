"""Whether a release's settings and parom.toml mean the same database."""

from __future__ import annotations

from pathlib import Path

from parom.errors import release as errors
from parom.facts import DatabaseSettings
from parom.ports import Database


def refuse_other_database(database: Database, settings: DatabaseSettings, folder: Path) -> None:
    """Raises `release.other-database`. Relative paths of the settings count from `folder`.

    Two databases on servers may differ in the server alone: both are named with it.
    """
    if database.is_named_by(settings, folder):
        return
    server = database.server()
    mine = server.location if server else database.settings_name
    raise errors.other_database(mine, settings.described(folder))
