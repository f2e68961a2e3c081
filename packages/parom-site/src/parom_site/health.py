"""A health view: 200 while the database answers and no migration is pending, else 503."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Each part by name, with what is wrong with it."""
    parts: dict[str, Any] = {"database": "ok", "migrations": "ok"}
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            parts["migrations"] = f"{len(pending)} pending"
    except DatabaseError as problem:
        parts["database"] = type(problem).__name__
        parts["migrations"] = "unknown"
    healthy = all(value == "ok" for value in parts.values())
    return JsonResponse({"healthy": healthy, "parts": parts}, status=200 if healthy else 503)
