"""Whether the process lives, is ready, and what of it is not well."""

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import OpenApiTypes, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

LEAST_FREE_BYTES = 100 * 1024 * 1024


def parts() -> dict[str, str]:
    """Each part by name: "ok", or what is wrong with it."""
    return {"database": _database(), "migrations": _migrations(), "disk": _disk()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM django_migrations")
            cursor.fetchone()
    except DatabaseError as problem:
        return type(problem).__name__
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as problem:
        return type(problem).__name__
    return f"{len(pending)} pending" if pending else "ok"


def _disk() -> str:
    free = shutil.disk_usage(settings.BASE_DIR).free
    return "ok" if free >= LEAST_FREE_BYTES else f"{free} bytes free"


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
        database = _database()
        return Response({"database": database}, status=200 if database == "ok" else 503)


class HealthView(OpenView):
    @extend_schema(responses={200: OpenApiTypes.OBJECT, 503: OpenApiTypes.OBJECT}, auth=[])
    def get(self, request: Request) -> Response:
        """Every part by name; 503 where one is not well."""
        found = parts()
        healthy = all(state == "ok" for state in found.values())
        return Response({"healthy": healthy, "parts": found}, status=200 if healthy else 503)
