"""A small real Django project in versions, and an installation of it for tests.

Version 1 has notes; version 2 adds a column with a data migration and renames one; others
are version 2 with one thing wrong. The environment is the one that runs the tests.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.adapters.vaults import identity
from tests.support.ports import free_port
from tests.support.waiting import wait_until

_MANAGE = """
import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
_SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "a key of a test project, long and varied enough: 0123456789 abcdefghij"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "notes"]
MIDDLEWARE = ["parom_site.middleware.MaintenanceMiddleware",
              "django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "site1.urls"
WSGI_APPLICATION = "site1.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;"}}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
MEDIA_ROOT = BASE_DIR / "media"
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W003", "security.W002",
                          "security.W012", "security.W016", "security.W020"]
"""
_WSGI = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
_URLS = """
from django.urls import path
from notes import views
urlpatterns = [path("health/", views.health), path("notes/", views.notes)]
"""
_VIEWS = """
import json
from django.http import JsonResponse
from notes.models import Note
VERSION = {version}
def health(request):
    {health}
    return JsonResponse({{"version": VERSION, "notes": Note.objects.count()}})
def notes(request):
    {notes}
    if request.method == "POST":
        note = Note.objects.create({column}=json.loads(request.body)["text"])
        return JsonResponse({{"id": note.pk, "version": VERSION}}, status=201)
    last = list(Note.objects.order_by("-pk").values_list("{column}", flat=True)[:5])
    return JsonResponse({{"version": VERSION, "last": last}})
"""
_MODEL_1 = """
from django.db import models
class Note(models.Model):
    text = models.TextField()
"""
_MODEL_2 = """
from django.db import models
class Note(models.Model):
    body = models.TextField()
    length = models.IntegerField(default=0)
"""
_MIGRATION_1 = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Note", [
        ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True,
                                   verbose_name="ID")),
        ("text", models.TextField())])]
"""
_MIGRATION_2 = """
from django.db import migrations, models
def fill(apps, editor):
    {fill}
    for note in apps.get_model("notes", "Note").objects.iterator():
        note.length = len(note.body)
        note.save()
class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("notes", "0001_initial")]
    operations = [
        migrations.RenameField("Note", "text", "body"),
        migrations.AddField("Note", "length", models.IntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop)]
"""
_START = """#!/bin/sh
# Starts web and worker; those that run already are left alone.
set -eu
cd "$(dirname "$0")"
. ./.env
mkdir -p run
start() {
    name="$1"; shift
    if [ -f "run/$name.pid" ] && kill -0 "$(cat "run/$name.pid")" 2>/dev/null; then return; fi
    setsid "$@" >>"run/$name.log" 2>&1 </dev/null &
    echo "$!" >"run/$name.pid"
}
start web .venv/bin/python -m gunicorn --no-control-socket --bind "127.0.0.1:$PORT" \\
    --workers 1 site1.wsgi
start worker .venv/bin/python worker.py
"""
_STOP = """#!/bin/sh
# Asks what start_services.sh started to end, and waits for it a while.
cd "$(dirname "$0")"
for name in worker web; do
    [ -f "run/$name.pid" ] || continue
    pid="$(cat "run/$name.pid")"
    kill -TERM "$pid" 2>/dev/null
    left=300
    while grep -qs "^State:.[^ZX]" "/proc/$pid/status" && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        sleep 0.1
    done
    rm -f "run/$name.pid"
done
"""
_HEALTH_LIMIT = "health_limit_s = 60"
"""As long as it has in production: a good release is never late in a test."""


def write_project(top: Path, version: int, **faults: str) -> None:
    """Write a version to `top` (what was there goes). `faults` by name:

    health, notes: a statement at the start of that view; fill: one in the data migration;
    atomic: the migration's attribute; settings: a line at the end of the settings;
    wsgi: one in the WSGI module; worker: the worker's whole code; start, stop: a whole script.
    """
    if top.exists():
        for child in top.iterdir():
            if child.name != ".git":
                shutil.rmtree(child) if child.is_dir() else child.unlink()
    first = version == 1
    files = {
        "manage.py": _MANAGE,
        "site1/__init__.py": "",
        "site1/settings.py": _SETTINGS + faults.get("settings", "") + "\n",
        "site1/wsgi.py": faults.get("wsgi", "") + _WSGI,
        "site1/urls.py": _URLS,
        "notes/__init__.py": "",
        "notes/models.py": _MODEL_1 if first else _MODEL_2,
        "notes/views.py": _VIEWS.format(
            version=version,
            column="text" if first else "body",
            health=faults.get("health", "pass"),
            notes=faults.get("notes", "pass"),
        ),
        "notes/migrations/__init__.py": "",
        "notes/migrations/0001_initial.py": _MIGRATION_1,
        "start_services.sh": faults.get("start", _START),
        "stop_services.sh": faults.get("stop", _STOP),
        "worker.py": faults.get("worker", "import threading\nthreading.Event().wait()\n"),
        "checks/test_notes.py": (
            "def test_notes_answer(api):\n    assert api.get('/notes/').status_code == 200\n"
        ),
    }
    if not first:
        files["notes/migrations/0002_length.py"] = _MIGRATION_2.format(
            fill=faults.get("fill", "pass"), atomic=faults.get("atomic", "True")
        )
    for name, text in files.items():
        file = top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        if file.suffix == ".sh":
            file.chmod(0o755)


@dataclass
class Ferry:
    """An installation under test: folders, port, and the commands to drive it."""

    top: Path
    port: int
    layout: str = "releases"

    @property
    def root(self) -> Path:
        return self.top / "installation"

    @property
    def source(self) -> Path:
        return self.top / "source"

    @property
    def config(self) -> Path:
        return self.top / "parom.toml"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def live_database(self) -> Path:
        folder = self.root if self.layout == "in-place" else self.root / "shared"
        return folder / "db.sqlite3"

    def parom(self, *arguments: str, limit_s: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a command of Parom to its end."""
        return subprocess.run(
            [sys.executable, "-m", "parom.cli.main", "--config", str(self.config), *arguments],
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": ""},
        )

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        """Run a command with --json; its events."""
        ran = self.parom(*arguments, "--json")
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def install_by_hand(self, version: int = 1, notes: int = 100) -> None:
        """An in-place installation that runs and that Parom has never seen."""
        write_project(self.root, version)
        self.write_env()
        (self.root / ".venv").symlink_to(sys.prefix)
        (self.root / "media").mkdir()
        (self.root / "media" / "photo.jpg").write_bytes(b"pixels")
        manage = [".venv/bin/python", "manage.py", "migrate", "-v0"]
        subprocess.run(manage, cwd=self.root, check=True)
        self.add_notes(notes)
        self.start_by_hand()

    def start_by_hand(self) -> None:
        """Run the start script as the team does, and wait until the application answers."""
        subprocess.run(["./start_services.sh"], cwd=self.root, check=True)
        try:
            wait_until(self._answers, "the application answers")
        except AssertionError as late:
            late.add_note((self.root / "run" / "web.log").read_text())
            raise

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as one:
                one.sendall(b"GET /health/ HTTP/1.0\r\n\r\n")
                return one.recv(12).endswith(b"200")
        except OSError:
            return False

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Meanwhile a release is given some seconds to turn healthy: for one that never does."""
        text = self.config.read_text()
        self.config.write_text(text.replace(_HEALTH_LIMIT, "health_limit_s = 5"))
        try:
            yield
        finally:
            self.config.write_text(text)

    def write_env(self) -> None:
        (self.root / ".env").write_text(f"PORT={self.port}\n")

    def add_notes(self, count: int) -> None:
        """Rows of version 1, directly."""
        connection = sqlite3.connect(self.live_database)
        with connection:
            connection.executemany(
                "INSERT INTO notes_note (text) VALUES (?)", [(f"note {n}",) for n in range(count)]
            )
        connection.close()

    def shut_down(self) -> None:
        """End everything that runs for this installation."""
        from parom.config.reading import read
        from parom.day.watcher import end_watcher
        from parom.wiring import end_everything

        end_watcher(self.root / ".parom")
        end_everything(read(self.config))


def make_ferry(top: Path, *, layout: str = "releases", **changes: str) -> Ferry:
    """An installation that has only a configuration. `changes` replace lines of its tables.

    `in-place` is the second way of running one: scripts, a flag file, one folder for all.
    """
    ferry = Ferry(top, free_port(), layout)
    ferry.root.mkdir(parents=True)
    in_place = layout == "in-place"
    if in_place:
        ferry.write_env()
    key = top / "identity.txt"
    public = identity.create(key)
    values = {
        "watch": "seconds = 1\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nshort = true",
        "day_s": "0",
        "policy": "",
        "project": 'layout = "in-place"' if in_place else "",
        "services": 'type = "scripts"' if in_place else "",
        "gateway": 'type = "flag"' if in_place else "",
        "checks": 'functional = "checks"',
        "vault": "",
        "source": "",
        "release": "",
        "database": f'path = "{ferry.live_database.relative_to(ferry.root)}"',
        "worker": "" if in_place else 'worker = ["{python}", "worker.py"]',
        "shared": '"db.sqlite3", "media/", ".env"' if in_place else '"db.sqlite3", "media/"',
        **changes,
    }
    ferry.config.write_text(f"""
[project]
name = "notes"
root = "installation"
settings = "site1.settings"
{values["project"]}

[source]
type = "directory"
location = "source"
{values["source"]}

[release]
dependencies = "{sys.prefix}"
collect_static = false
shared = [{values["shared"]}]
{values["release"]}

[database]
{values["database"]}

[services]
web = ["{{python}}", "-m", "gunicorn", "--bind", "{{bind}}", "--workers", "1", "site1.wsgi"]
{values["worker"]}
bind = "127.0.0.1:{ferry.port}"
graceful_s = 3
{values["services"]}

[gateway]
{values["gateway"]}

[checks]
health = "/health/"
{_HEALTH_LIMIT}
endpoints = ["/notes/"]
{values["checks"]}

[vault]
path = "vault"
recipients = ["{public}"]
media = ["{"media" if in_place else "shared/media"}"]
{values["vault"]}

[watch]
day_s = {values["day_s"]}
{values["watch"]}

[policy]
{values["policy"]}
""")
    return ferry
