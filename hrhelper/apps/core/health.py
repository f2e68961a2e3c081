"""Whether the process lives, is ready, and what of it is not well."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

LEAST_FREE_BYTES = 100 * 1024 * 1024
LONGEST_WAIT_S = 1
WITHIN_THE_PROCESS = "memory://"
"""A broker without a server, which a rehearsal on a copy of the data is given."""


def parts() -> dict[str, str]:
    """Each part by name: "ok", or what is wrong with it; cache and broker where there are any."""
    with _impatient() as probe:
        database = _database(probe)
        migrations = _migrations(probe) if database == "ok" else "unknown"
    found = {"database": database, "migrations": migrations, "disk": _disk()}
    for name, address in (("cache", settings.CACHE_URL), ("broker", settings.BROKER_URL)):
        if address:
            found[name] = "ok" if address.startswith(WITHIN_THE_PROCESS) else _redis(address)
    return found


@contextmanager
def _impatient() -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that does not wait long for a lock: a probe wants an answer."""
    probe = connection.copy()
    options = probe.settings_dict["OPTIONS"]
    if probe.vendor == "sqlite":
        options["timeout"] = LONGEST_WAIT_S
    else:
        options["connect_timeout"] = LONGEST_WAIT_S + 1  # libpq knows nothing below 2
        options["options"] = f"-c statement_timeout={LONGEST_WAIT_S * 1000}"
    try:
        yield probe
    finally:
        probe.close()


def _database(probe: BaseDatabaseWrapper) -> str:
    # SQLite would make an empty database where the file is missing.
    if probe.vendor == "sqlite" and not Path(probe.settings_dict["NAME"]).exists():
        return "missing"
    try:
        with probe.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            cursor.fetchone()
    except DatabaseError as problem:
        return type(problem).__name__
    return "ok"


def _migrations(probe: BaseDatabaseWrapper) -> str:
    try:
        executor = MigrationExecutor(probe)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        return type(problem).__name__
    return f"{len(pending)} pending" if pending else "ok"


def _disk() -> str:
    free = shutil.disk_usage(settings.BASE_DIR).free
    return "ok" if free >= LEAST_FREE_BYTES else f"{free} bytes free"


def _redis(address: str) -> str:
    """Whether it answers, and takes what is written: a full one, or a copy, does not."""
    from redis import Redis, RedisError  # not for the start of the web

    waits = {"socket_connect_timeout": LONGEST_WAIT_S, "socket_timeout": LONGEST_WAIT_S}
    try:
        with Redis.from_url(address, **waits) as probe:
            probe.set("hrhelper:health", "ok", ex=60)
    except RedisError as problem:
        return type(problem).__name__
    return "ok"


class OpenView(APIView):
    """For probes: no login."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class LiveView(OpenView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT}, auth=[])
    def get(self, request: Request) -> Response:
        """The process runs."""
        return Response({"alive": True})


class ReadyView(OpenView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT, 503: OpenApiTypes.OBJECT}, auth=[])
    def get(self, request: Request) -> Response:
        """The database answers."""
        with _impatient() as probe:
            database = _database(probe)
        return Response({"database": database}, status=200 if database == "ok" else 503)


class HealthView(OpenView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT, 503: OpenApiTypes.OBJECT}, auth=[])
    def get(self, request: Request) -> Response:
        """Every part by name; 503 where one is not well."""
        found = parts()
        healthy = all(state == "ok" for state in found.values())
        return Response({"healthy": healthy, "parts": found}, status=200 if healthy else 503)
