"""Run by the release's own interpreter (Python 3.8+, Django 3.2+); standard library only.

    python inside.py COMMAND OUT [ARGUMENTS...]

The answer is one JSON document in the file OUT, since applications print to their output
as they like. A failure is {"error": {"type", "message", "where", "traceback"}}.
"""

import ast
import importlib
import json
import os
import sys
import time
import traceback


def main():
    command, out, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    # A script's own folder comes first on the path; the application's is wanted there.
    sys.path[0] = os.getcwd()
    try:
        answer = COMMANDS[command](*arguments)
    except BaseException as problem:
        answer = {"error": described(problem)}
    write(out, answer)
    return 1 if "error" in answer else 0


def write(out, answer):
    partial = out + ".partial"
    with open(partial, "w", encoding="utf-8") as stream:
        json.dump(answer, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(partial, out)


def described(problem):
    frames = traceback.extract_tb(problem.__traceback__)
    own = [
        frame
        for frame in frames
        if "site-packages" not in frame.filename
        and frame.filename != __file__
        and not frame.filename.startswith(("<", os.path.dirname(os.__file__)))
    ]
    where = "%s:%s" % (os.path.relpath(own[-1].filename), own[-1].lineno) if own else ""
    return {
        "type": type(problem).__name__,
        "message": str(problem)[:2000],
        "where": where,
        "traceback": "".join(
            traceback.format_exception(type(problem), problem, problem.__traceback__)
        )[-8000:],
    }


def set_up():
    import django

    django.setup()


def project():
    set_up()
    import platform

    import django
    from django.conf import settings

    default = settings.DATABASES["default"]
    return {
        "django_version": django.get_version(),
        "python_version": platform.python_version(),
        "settings_module": os.environ["DJANGO_SETTINGS_MODULE"],
        "database": {
            "engine": default["ENGINE"],
            "name": str(default.get("NAME") or ""),
            "host": str(default.get("HOST") or ""),
            "port": str(default.get("PORT") or ""),
            "user": str(default.get("USER") or ""),
        },
        "media_root": str(settings.MEDIA_ROOT or ""),
        "static_root": str(settings.STATIC_ROOT or ""),
        "installed_apps": [str(app) for app in settings.INSTALLED_APPS],
        "middleware": [str(one) for one in settings.MIDDLEWARE],
        "wsgi_application": str(getattr(settings, "WSGI_APPLICATION", "") or ""),
        "debug": bool(settings.DEBUG),
    }


def connection_if_there():
    """The default connection; None where there is no SQLite file, which looking must not make."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and ":memory:" not in name and not os.path.exists(name):
        return None
    return connection


def migrations():
    set_up()
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    connection = connection_if_there()
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    conflicts = loader.detect_conflicts()
    on_disk = sorted(loader.disk_migrations)
    applied = sorted(loader.applied_migrations or ())
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    apps = loader.migrated_apps | loader.unmigrated_apps
    unknown = [
        key
        for key in applied
        if key not in loader.disk_migrations and key not in replaced and key[0] in apps
    ]
    if conflicts:
        plan = []
    elif connection is None:
        plan = full_plan(loader)
    else:
        executor = MigrationExecutor(connection)
        leaves = executor.loader.graph.leaf_nodes()
        plan = [one for one, _ in executor.migration_plan(leaves)]
    return {
        "applied": [list(key) for key in applied],
        "on_disk": [list(key) for key in on_disk],
        "pending": [[one.app_label, one.name] for one in plan],
        "conflicts": [[app, sorted(names)] for app, names in sorted(conflicts.items())],
        "unknown": [list(key) for key in unknown],
        "operations": [operation(one, each) for one in plan for each in one.operations],
    }


def full_plan(loader):
    seen, plan = set(), []
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key not in seen:
                seen.add(key)
                plan.append(loader.graph.nodes[key])
    return plan


def operation(migration, each):
    field = getattr(each, "field", None)
    has_default = None
    if field is not None:
        from django.db.models.fields import NOT_PROVIDED

        db_default = getattr(field, "db_default", NOT_PROVIDED)  # Django 5.0 and newer
        has_default = field.has_default() or db_default is not NOT_PROVIDED
    return {
        "migration": [migration.app_label, migration.name],
        "kind": type(each).__name__,
        "described": str(each.describe())[:200],
        "reversible": bool(each.reversible),
        "atomic": bool(migration.atomic),
        "model": str(getattr(each, "model_name", "") or getattr(each, "name", "") or ""),
        "field": str(getattr(each, "name", "") or "") if field is not None else "",
        "null": bool(field.null) if field is not None else None,
        "has_default": has_default,
    }


def check():
    set_up()
    from django.core import checks

    return {
        "messages": [
            {
                "id": one.id or "",
                "level": one.level,
                "message": str(one.msg)[:1000],
                "hint": str(one.hint or "")[:1000],
                "obj": str(one.obj or "")[:200],
            }
            for one in checks.run_checks(include_deployment_checks=True)
            if not one.is_silenced()
        ]
    }


def imports(*statements):
    set_up()
    return {"results": [tried(statement) for statement in statements]}


def tried(statement):
    try:
        for module, name in wanted(statement):
            found = importlib.import_module(module)
            if name and not hasattr(found, name):
                importlib.import_module(module + "." + name)
    except BaseException as problem:
        return {"statement": statement, "error": described(problem)}
    return {"statement": statement, "error": None}


def wanted(statement):
    """(module, name) pairs of an import statement, `pkg.mod` or `pkg.mod:Name`; nothing is run."""
    if " " not in statement:
        module, _, name = statement.partition(":")
        return [(module, name)]
    body = ast.parse(statement).body
    if len(body) != 1 or not isinstance(body[0], (ast.Import, ast.ImportFrom)):
        raise SyntaxError("not an import statement: %s" % statement)
    node = body[0]
    if isinstance(node, ast.Import):
        return [(one.name, "") for one in node.names]
    if node.level or not node.module:
        raise SyntaxError("relative imports have no meaning here: %s" % statement)
    return [(node.module, "" if one.name == "*" else one.name) for one in node.names]


def collectstatic():
    set_up()
    from django.conf import settings
    from django.core.management import call_command

    if not settings.STATIC_ROOT:
        return {"collected": False, "why": "the settings have no STATIC_ROOT"}
    call_command("collectstatic", interactive=False, verbosity=0)
    return {"collected": True, "why": ""}


def changes():
    """Model changes that no migration has; in no language, as makemigrations looks."""
    set_up()
    from django.utils import translation

    translation.deactivate_all()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True),
    )
    found = detector.changes(graph=loader.graph)
    return {
        "changes": [
            "%s: %s" % (app, each.describe())
            for app, changed in sorted(found.items())
            for one in changed
            for each in one.operations
        ]
    }


def migrate(wait="wait"):
    """Load everything, say so, wait for a line, migrate. No line: leave without touching."""
    set_up()
    from django.apps import apps
    from django.core.management import call_command
    from django.core.management.commands import migrate as command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    for config in apps.get_app_configs():
        if config.models_module is not None:
            importlib.import_module(config.name)
    assert command
    if connection_if_there() is not None:
        MigrationExecutor(connection)
        connection.close()
    if wait == "wait":
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if sys.stdin.readline() != "go\n":
            return {"seconds": 0.0, "applied": [], "abandoned": True}
    applied, began = [], {}
    original = MigrationExecutor.apply_migration

    def timed(self, state, migration, *args, **kwargs):
        began["now"] = "%s.%s" % (migration.app_label, migration.name)
        start = time.monotonic()
        result = original(self, state, migration, *args, **kwargs)
        applied.append([migration.app_label, migration.name, time.monotonic() - start])
        began["now"] = ""
        return result

    MigrationExecutor.apply_migration = timed
    start = time.monotonic()
    try:
        call_command("migrate", interactive=False, verbosity=1)
    except BaseException as problem:
        error = described(problem)
        error["migration"] = began.get("now", "")
        return {"error": error, "applied": applied}
    finally:
        connection.close()
    return {"seconds": time.monotonic() - start, "applied": applied}


def urls():
    """Patterns of the URLconf, bounded."""
    set_up()
    from django.urls import get_resolver

    found = []

    def walk(patterns, prefix, depth):
        for one in patterns:
            if len(found) >= 500 or depth > 6:
                return
            text = prefix + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, text, depth + 1)
            else:
                found.append({"pattern": "/" + text, "name": str(one.name or "")})

    walk(get_resolver().url_patterns, "", 0)
    return {"urls": found}


COMMANDS = {
    "project": project,
    "migrations": migrations,
    "check": check,
    "imports": imports,
    "collectstatic": collectstatic,
    "changes": changes,
    "migrate": migrate,
    "urls": urls,
}

if __name__ == "__main__":
    sys.exit(main())
