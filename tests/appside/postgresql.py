"""The project of the other tests on a PostgreSQL server, and a stranger in its database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import psycopg

from parom.appside.application import Application
from parom.appside.patience import Patience
from parom.facts import Migration
from tests.adapters.databases.postgresql.server import APP, Server
from tests.appside.project import SETTINGS, Project

SECOND = Migration("shop", "0002_second")
_MADE = "shop_made"
DATABASE = """
DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "NAME": "app",
    "HOST": "127.0.0.1", "PORT": {port}, "USER": "postgres", "PASSWORD": {password!r}}}}}
"""
FIRST = """
from django.db import migrations, models
def key():
    return ("id", models.BigAutoField(primary_key=True, serialize=False))
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Tag", [key(), ("word", models.CharField(max_length=10))]),
        migrations.CreateModel("Item", [key(), ("title", models.CharField(max_length=20))]),
        migrations.RunSQL("INSERT INTO shop_item (title) VALUES ('one'), ('two')"),
    ]
"""
NEXT = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, connections, migrations, models
def fill(apps, editor):
    {fill}
class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("shop", "{after}")]
    operations = [{operations}]
"""
ADD_SIZE = 'migrations.AddField("Item", "size", models.IntegerField(default=3))'
ADD_NOTE = 'migrations.AddField("Tag", "note", models.TextField(null=True))'


class Shop:
    """The project with its database, in which the first migration is applied."""

    python = sys.executable
    """The release's interpreter, with a driver for PostgreSQL."""

    def __init__(self, project: Project, server: Server) -> None:
        self.project, self.server = project, server
        self.log = project.top.parent / "migrate.log"
        settings = DATABASE.format(port=server.port, password=server.password)
        project.write("site1/settings.py", SETTINGS + settings)
        project.write("shop/migrations/0001_initial.py", FIRST)
        (project.top / "shop/migrations/0002_second.py").unlink()
        self._make_database()

    def _make_database(self) -> None:
        """Once by migrating; for each further test a copy of that."""
        asking = "SELECT 1 FROM pg_database WHERE datname = %s"
        if not self.server.admin.execute(asking, (_MADE,)).fetchall():
            self.server.make_app()
            self.application().migrate(self.log)
            self.server.admin.execute(f"ALTER DATABASE {APP} RENAME TO {_MADE}")
        self.server.admin.execute(f"CREATE DATABASE {APP} TEMPLATE {_MADE}")

    def forget(self) -> None:
        self.server.admin.execute(f"DROP DATABASE {APP} WITH (FORCE)")

    def add(
        self,
        name: str,
        *operations: str,
        after: str = "0001_initial",
        fill: str = "pass",
        atomic: bool = True,
    ) -> None:
        """A migration; `fill` is what its function does."""
        told = {"operations": ", ".join(operations), "after": after, "fill": fill}
        text = NEXT.format(**told, atomic=atomic)
        self.project.write(f"shop/migrations/{name}.py", text)

    def second(self, *operations: str, fill: str = "pass", atomic: bool = True) -> None:
        self.add(SECOND.name, *operations, fill=fill, atomic=atomic)

    def application(self, timeout_s: float = 5.0, *pauses_s: float) -> Application:
        return replace(
            self.project.application(self.python), patience=Patience(timeout_s, pauses_s)
        )

    def columns(self, table: str) -> set[str]:
        asking = "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        return {name for (name,) in self.server.ask(asking, table)}

    @contextmanager
    def stranger(self, statement: str) -> Iterator[psycopg.Connection[Any]]:
        """Somebody who leaves a transaction open after a statement."""
        with self.server.connect(APP, application_name="stranger") as connection:
            connection.execute("BEGIN")
            connection.execute(statement)
            yield connection
