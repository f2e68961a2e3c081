"""A minimal Django project, written where a test wants it, and Parom's view of it."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from parom.adapters.hosts.local import LocalHost
from parom.appside.application import Application

SETTINGS = """
from pathlib import Path
BASE = Path(__file__).resolve().parent.parent
SECRET_KEY = "only a test"
ROOT_URLCONF = "site1.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.staticfiles", "shop"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
WSGI_APPLICATION = "site1.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = BASE / "media"
STATIC_ROOT = BASE / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "assets"]
print("an application says all kinds of things")
"""
URLS = """
from django.http import HttpResponse
from django.urls import include, path, re_path
def view(request, **_): return HttpResponse()
urlpatterns = [
    path("api/", include([path("health/", view, name="health"), path("items/<int:pk>/", view)])),
    re_path("^status/(.+)$", view),
]
"""
MODELS = """
from django.db import models
class Item(models.Model):
    title = models.CharField(max_length=50)
"""
FIRST = """
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [migrations.CreateModel("Item", [
        ("id", models.BigAutoField(
            primary_key=True, serialize=False, auto_created=True, verbose_name="ID")),
        ("title", models.CharField(max_length=20))])]
"""
SECOND = """
from django.db import migrations, models
def fill(apps, editor):
    {fill}
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [{operations}]
"""
WIDEN = 'migrations.AlterField("Item", "title", models.CharField(max_length=50))'


class Project:
    """The tree of a release at `top`; files are written and replaced by name."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.database = top / "db.sqlite3"
        self.write("site1/__init__.py", "")
        self.write("site1/settings.py", SETTINGS)
        self.write("site1/urls.py", URLS)
        self.write("shop/__init__.py", "")
        self.write("shop/models.py", MODELS)
        self.write("shop/migrations/__init__.py", "")
        self.write("shop/migrations/0001_initial.py", FIRST)
        self.second(WIDEN)
        self.write("assets/style.css", "body {}")

    def write(self, name: str, text: str) -> None:
        file = self.top / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def second(self, operations: str, fill: str = "pass") -> None:
        """The second migration, with these operations."""
        text = SECOND.format(operations=operations, fill=fill)
        self.write("shop/migrations/0002_second.py", text)

    def at_start(self, statement: str) -> None:
        """Have the application do something in AppConfig.ready."""
        self.write(
            "shop/apps.py",
            "from django.apps import AppConfig\nclass Shop(AppConfig):\n    name = 'shop'\n"
            f"    def ready(self):\n        {statement}\n",
        )

    def application(
        self, python: str = sys.executable, env_file: Path | None = None
    ) -> Application:
        return Application(Path(python), self.top, "site1.settings", LocalHost(), env_file)

    def tables(self) -> set[str]:
        """The tables of the database; none where there is no file."""
        if not self.database.exists():
            return set()
        connection = sqlite3.connect(self.database)
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        connection.close()
        return {name for (name,) in rows}

    def execute(self, statement: str, *values: str) -> None:
        connection = sqlite3.connect(self.database)
        with connection:
            connection.execute(statement, values)
        connection.close()
