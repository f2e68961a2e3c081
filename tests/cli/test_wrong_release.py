"""A wrong release, a newer database, a disk that is too small: refused, nothing changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.standing import Standing
from tests.cli.wrong import Wrong, judge, run
from tests.support.ferry import Ferry, write_project


def conflicting(ferry: Ferry, _config: Path) -> None:
    write_project(ferry.source, 2)
    first = ferry.source / "notes/migrations/0002_length.py"
    first.with_name("0002_other.py").write_text(first.read_text())


def newer_database(ferry: Ferry, _config: Path) -> None:
    _migrations(
        ferry,
        "INSERT INTO django_migrations (app, name, applied) VALUES ('notes', '0009_later', 0)",
    )


def _migrations(ferry: Ferry, statement: str) -> None:
    connection = sqlite3.connect(ferry.live_database)
    with connection:
        connection.execute(statement)
    connection.close()


def large_media(ferry: Ferry, _config: Path) -> None:
    """A file of a size that no disk has, without its blocks."""
    with (ferry.root / "shared/media/film").open("wb") as film:
        film.truncate(1 << 42)


def no_import(ferry: Ferry, _config: Path) -> None:
    write_project(ferry.source, 2, settings="import no_such_package")


def other_settings(ferry: Ferry, config: Path) -> None:
    file = config.with_suffix(".env")
    file.write_text("export DJANGO_SETTINGS_MODULE=site1.local\n")
    named = f'[release]\nenvironment_file = "{file}"'
    config.write_text(config.read_text().replace("[release]", named))


GATES = {
    "conflicting migrations": Wrong(("deploy",), "gates.failed", 10, "0002_other", conflicting),
    "database newer": Wrong(("deploy",), "gates.failed", 10, "notes.0009_later", newer_database),
    "disk too small": Wrong(("deploy",), "gates.failed", 10, "free; the plan needs", large_media),
    "does not load": Wrong(
        ("plan",), "application.does-not-load", 10, "no_such_package", no_import
    ),
    "other settings": Wrong(("plan",), "release.other-settings", 10, "site1.local", other_settings),
}


@pytest.mark.parametrize("name", GATES)
def test_wrong_release_is_refused_by_the_gates(
    installed: Ferry, own_config: Path, name: str
) -> None:
    """All that can be known is known before production is touched."""
    wrong = GATES[name]
    wrong.change(installed, own_config)
    try:
        before = Standing.of(installed)
        code, out, err = run(installed, own_config, wrong.arguments)
        judge(wrong, code, out + err)
        assert Standing.of(installed).differs_from(before) == []
    finally:
        write_project(installed.source, 1)
        (installed.root / "shared/media/film").unlink(missing_ok=True)
        _migrations(installed, "DELETE FROM django_migrations WHERE name = '0009_later'")


def test_the_disk_is_judged_before_anything_is_fetched(installed: Ferry, own_config: Path) -> None:
    """Building a release first would take the room that is missing, and minutes."""
    large_media(installed, own_config)
    try:
        begun = [
            one["step"] for one in installed.events("deploy") if one["kind"] in ("intent", "failed")
        ]
    finally:
        (installed.root / "shared/media/film").unlink()
    assert begun == ["installation.adopt", "release.fetch", "release.fetch"]
