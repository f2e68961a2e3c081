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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parom.adapters.vaults import identity

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


def write_project(top: Path, version: int, **faults: str) -> None:
    """Write a version to `top` (what was there goes). `faults` by name:

    health, notes: a statement at the start of that view; fill: one in the data migration;
    atomic: the migration's attribute; settings: a line at the end of the settings;
    wsgi: one in the WSGI module; worker: the worker's whole code.
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


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Ferry:
    """An installation under test: folders, port, and the commands to drive it."""

    top: Path
    port: int

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
        return self.root / "shared" / "db.sqlite3"

    def parom(self, *arguments: str, limit_s: float = 120) -> subprocess.CompletedProcess[str]:
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
        from parom.wiring import end_everything

        end_everything(read(self.config))


def make_ferry(top: Path, **changes: str) -> Ferry:
    """An installation that has only a configuration. `changes` replace lines of its tables."""
    ferry = Ferry(top, free_port())
    ferry.root.mkdir(parents=True)
    key = top / "identity.txt"
    public = identity.create(key)
    values = {
        "watch": "seconds = 1\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1",
        "policy": "",
        "services": "",
        "gateway": "",
        "checks": 'functional = "checks"',
        "vault": "",
        "source": "",
        "worker": 'worker = ["{python}", "worker.py"]',
        **changes,
    }
    ferry.config.write_text(f"""
[project]
name = "notes"
root = "installation"
settings = "site1.settings"

[source]
type = "directory"
location = "source"
{values["source"]}

[release]
dependencies = "{sys.prefix}"
collect_static = false
shared = ["db.sqlite3", "media/"]

[database]
path = "shared/db.sqlite3"

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
health_limit_s = 5
endpoints = ["/notes/"]
{values["checks"]}

[vault]
path = "vault"
recipients = ["{public}"]
media = ["shared/media"]
{values["vault"]}

[watch]
{values["watch"]}

[policy]
{values["policy"]}
""")
    return ferry
