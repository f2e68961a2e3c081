"""The application's own Django, in a process of its own: it migrates, and tells of migrations.

    python -P release.py APPSIDE, with one JSON object a line on its input; it answers so.

What migrations change is told by the very code that Parom runs inside a release; only where the
migrations come from is another: from the request, not from files.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

Asked = Mapping[str, Any]


def main(appside: str) -> None:
    from django.conf import settings

    ask = json.loads(sys.stdin.readline())
    settings.configure(DATABASES={"default": ask}, INSTALLED_APPS=[], USE_TZ=True)
    inside = loaded(Path(appside, "inside.py"))
    inside.set_up = lambda: None  # it is set up once, for all requests
    import django

    django.setup()
    for line in sys.stdin:
        ask = json.loads(line)
        try:
            answer = {"answer": COMMANDS[ask["command"]](inside, ask)}
        except Exception as problem:  # noqa: BLE001 - whatever it is, it is the answer
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def loaded(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location("parom_inside", file)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["parom_inside"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["parom_inside"])
    return sys.modules["parom_inside"]


@contextlib.contextmanager
def connected(ask: Asked) -> Iterator[Any]:
    from django.db import connections

    connections.settings["default"]["NAME"] = ask["name"]
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        del connections["default"]  # a migration that failed may leave one that is of no use


def migrations_of(ask: Asked) -> list[Any]:
    return [migration(name, operations) for name, operations in ask["migrations"]]


def migration(name: str, operations: Sequence[str]) -> Any:
    from django.db import migrations, models
    from django.db.migrations import operations as known

    words: dict[str, Any] = {
        "migrations": migrations,
        "models": models,
        "Decimal": Decimal,
        "uuid4": uuid4,
    }
    words.update(vars(models), **vars(known))
    words.update(nothing=nothing, noop=known.RunPython.noop)
    words.update(change=change, make=make, unmake=unmake)
    made: Any = type(
        "Migration",
        (migrations.Migration,),
        {"operations": [eval(one, words) for one in operations]},  # noqa: S307 - our own words
    )
    return made(name, "lib")


def nothing(_apps: Any, _editor: Any) -> None:
    """A data migration that finds nothing to do."""


def change(model: str, field: str) -> Callable[[Any, Any], None]:
    def changes(apps: Any, _editor: Any) -> None:
        for row in apps.get_model("lib", model).objects.all():
            value = getattr(row, field)
            setattr(row, field, value + 1 if isinstance(value, int) else (value or "")[:7] + "!")
            row.save()

    return changes


def make(model: str) -> Callable[[Any, Any], None]:
    def makes(apps: Any, _editor: Any) -> None:
        found = apps.get_model("lib", model)
        key = found._meta.pk
        found.objects.create(**({key.name: "made"} if key.max_length else {}))

    return makes


def unmake(model: str) -> Callable[[Any, Any], None]:
    def unmakes(apps: Any, _editor: Any) -> None:
        found = apps.get_model("lib", model)
        for row in found.objects.order_by("-pk")[:1]:
            found.objects.filter(pk=row.pk)._raw_delete("default")

    return unmakes


def tell(inside: Any, ask: Asked) -> Any:
    """What the pending migrations change, as `Changes` has it."""
    inside.beside("pending").full_plan = lambda _loader: migrations_of(ask)
    with connected(ask):
        return inside.beside("tables").tables()


def migrate(_inside: Any, ask: Asked) -> int:
    """Apply what is pending; how many."""
    from django.db.migrations.recorder import MigrationRecorder
    from django.db.migrations.state import ProjectState

    state, done = ProjectState(), 0
    with connected(ask) as connection:
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        applied = set(recorder.applied_migrations())
        for one in migrations_of(ask):
            if ("lib", one.name) in applied:
                state = one.mutate_state(state, preserve=False)
                continue
            with connection.schema_editor(atomic=one.atomic) as editor:
                state = one.apply(state, editor)
            recorder.record_applied("lib", one.name)
            done += 1
    return done


COMMANDS = {"tell": tell, "migrate": migrate}

if __name__ == "__main__":
    main(sys.argv[1])
