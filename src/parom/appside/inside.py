"""Run by the release's own interpreter (Python 3.8+, Django 3.2+); standard library only.

    python inside.py COMMAND OUT [ARGUMENTS...]

The answer is one JSON document in the file OUT, since applications print to their output
as they like. A failure is {"error": {...}}: type, message, where, traceback, the module that
is missing, and whether the application had loaded by then.
"""

import ast
import importlib
import json
import os
import sys
import time
import traceback

state = {"loaded": False, "changing": False}
ABANDONED = {"seconds": 0.0, "applied": [], "abandoned": True}


def main():
    command, out, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
    # A script's own folder comes first on the path (not with PYTHONSAFEPATH); the
    # application's is wanted there.
    own = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [os.getcwd()] + [one for one in sys.path if os.path.abspath(one) != own]
    try:
        answer = COMMANDS[command](*arguments)
    except BaseException as problem:
        answer = {"error": described(problem)}
    write(out, answer)
    code = 1 if "error" in answer else 0
    if not state["changing"]:
        # A thread that the application started must not keep one waiting who only looked.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


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
    if isinstance(problem, SyntaxError) and problem.filename:
        where = "%s:%s" % (os.path.relpath(problem.filename), problem.lineno)
    return {
        "type": type(problem).__name__,
        "message": str(problem)[:1000],
        "where": where,
        "module": str(getattr(problem, "name", None) or ""),
        "loaded": state["loaded"],
        "traceback": "".join(
            traceback.format_exception(type(problem), problem, problem.__traceback__)
        )[-8000:],
    }


def set_up(looking=True):
    import django
    from django.conf import settings

    if looking:
        refuse_to_make(settings.DATABASES)
    django.setup()
    state["loaded"] = True


def refuse_to_make(databases):
    """Opening an SQLite file that is not there would make it: whoever tries is told so.

    Also for the application's own start, where an AppConfig.ready may ask the database.
    """
    files = [file_of(one.get("NAME") or "") for one in databases.values()]
    absent = {file for file in files if file and not os.path.exists(file)}

    def refuse(event, arguments):
        if event == "sqlite3.connect" and file_of(arguments[0]) in absent:
            import sqlite3

            raise sqlite3.OperationalError("unable to open database file")

    if absent:
        sys.addaudithook(refuse)


def file_of(name):
    """The absolute path that an SQLite name means; empty for a database in memory."""
    name = os.fsdecode(name)
    if name.startswith("file:"):
        from urllib.parse import unquote, urlsplit

        parts = urlsplit(name)
        name = "" if "mode=memory" in parts.query else unquote(parts.path)
    return "" if name in ("", ":memory:") else os.path.abspath(name)


def project():
    set_up()
    import platform

    import django
    from django.conf import settings
    from django.db import connections

    default = connections["default"].settings_dict
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

    if connection.vendor == "sqlite":
        file = file_of(connection.settings_dict["NAME"])
        if file and not os.path.exists(file):
            return None
    return connection


def migrations():
    set_up()
    from django.db.migrations.loader import MigrationLoader

    connection = connection_if_there()
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    conflicts = loader.detect_conflicts()
    if connection is not None:
        loader.check_consistent_history(connection)
    applied = sorted(loader.applied_migrations or ())
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    apps = set(loader.migrated_apps) | set(loader.unmigrated_apps)
    unknown = [
        key
        for key in applied
        if key not in loader.disk_migrations and key not in replaced and key[0] in apps
    ]
    pending, operations = ([], []) if conflicts else planned(loader, set(applied))
    return {
        "applied": [list(key) for key in applied],
        "on_disk": [list(key) for key in sorted(loader.disk_migrations)],
        "pending": pending,
        "conflicts": [[app, sorted(names)] for app, names in sorted(conflicts.items())],
        "unknown": [list(key) for key in unknown],
        "operations": operations,
    }


def planned(loader, applied):
    """What is pending, in the order in which Django runs it, and each operation of it.

    Models are followed through the states, since a migration does not say what a column was.
    """
    from django.db.migrations.state import ProjectState

    models = ProjectState(real_apps=set(loader.unmigrated_apps))
    pending, operations = [], []
    for migration in full_plan(loader):
        if (migration.app_label, migration.name) in applied:
            migration.mutate_state(models, preserve=False)
            continue
        pending.append([migration.app_label, migration.name])
        for each in migration.operations:
            operations.extend(operation(migration, one, models) for one in on_database(each))
            each.state_forwards(migration.app_label, models)
    return pending, operations


def full_plan(loader):
    seen, plan = set(), []
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key not in seen:
                seen.add(key)
                plan.append(loader.graph.nodes[key])
    return plan


def on_database(each):
    """The operation, or those that a SeparateDatabaseAndState runs on the database."""
    inner = getattr(each, "database_operations", None)
    return [each] if inner is None else [one for part in inner for one in on_database(part)]


def operation(migration, each, models):
    from django.db.migrations.operations.fields import FieldOperation

    field = getattr(each, "field", None)
    of_field = isinstance(each, FieldOperation)
    model = getattr(each, "model_name", "") or getattr(each, "old_name", "")
    return {
        "migration": [migration.app_label, migration.name],
        "kind": type(each).__name__,
        "described": str(each.describe())[:200],
        "reversible": bool(each.reversible),
        "atomic": bool(migration.atomic),
        "model": str(model or getattr(each, "name", "") or ""),
        "field": str(each.name) if of_field else "",
        "null": bool(field.null) if field is not None else None,
        "has_default": has_default(field) if field is not None else None,
        "types": altered_types(migration, each, models),
    }


def has_default(field):
    """Whether rows that exist get a value: a default, one of the database, or no column."""
    from django.db.models.fields import NOT_PROVIDED

    db_default = getattr(field, "db_default", NOT_PROVIDED)  # Django 5.0 and newer
    derived = getattr(field, "generated", False) or getattr(field, "many_to_many", False)
    empty = field.blank and field.empty_strings_allowed  # Django writes an empty string
    return bool(field.has_default() or db_default is not NOT_PROVIDED or derived or empty)


def altered_types(migration, each, models):
    """A column's type before and after an AlterField; None for other operations."""
    from django.db.migrations.operations import AlterField

    key = (migration.app_label, getattr(each, "model_name", "").lower())
    if not isinstance(each, AlterField) or key not in models.models:
        return None
    fields = dict(models.models[key].fields)
    return [type_of(fields[each.name]), type_of(each.field)] if each.name in fields else None


def type_of(field):
    from django.db import connection

    if field.remote_field is not None:
        return ("%s to %s" % (type(field).__name__, field.remote_field.model)).lower()
    return str(field.db_type(connection) or "")


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
                imported_below(module, name)
    except BaseException as problem:
        return {"statement": statement, "error": described(problem)}
    return {"statement": statement, "error": None}


def imported_below(module, name):
    """`name` may be a module that nobody imported yet; else it is what Python says it is."""
    full = module + "." + name
    try:
        importlib.import_module(full)
    except ModuleNotFoundError as problem:
        if problem.name != full:
            raise
        raise ImportError("cannot import name %r from %r" % (name, module)) from None


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
    set_up(looking=False)
    from django.conf import settings
    from django.core.management import call_command

    if not settings.STATIC_ROOT:
        return {"collected": False, "why": "the settings have no STATIC_ROOT"}
    state["changing"] = True
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
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(None, ignore_no_migrations=True)
    # Its own questioner asks nobody; the one of `makemigrations` ends the process instead.
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    found = detector.changes(graph=loader.graph)
    return {
        "changes": [
            "%s: %s" % (app, each.describe())
            for app, changed in sorted(found.items())
            for one in changed
            for each in one.operations
        ]
    }


def migrate(ready):
    """Migrate forward, once released; see `released`."""
    return timed("apply_migration", [()]) if released(ready) else ABANDONED


def unmigrate(*arguments):
    """Back to each `app:name`, or `app:zero`, in the order given, once released."""
    targets = [target.split(":") for target in arguments[:-1]]
    return timed("unapply_migration", targets) if released(arguments[-1]) else ABANDONED


def released(ready):
    """Load everything, say so on the descriptor `ready`, wait for a line.

    Without a line nothing may be touched: whoever wanted it is gone.
    """
    control = kept_input()
    os.set_inheritable(int(ready), False)
    load_for_migrating()
    os.write(int(ready), b"ready\n")
    os.close(int(ready))
    return read_line(control) == b"go\n"


def kept_input():
    """Our own input, moved to where the application cannot read the line that is for us."""
    control, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return control


def read_line(descriptor):
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(descriptor, 1)
        if not one:
            break
        line += one
    return line


def load_for_migrating():
    """All that takes time and can be done while the application still serves."""
    set_up(looking=False)
    from django.core.management.commands import migrate as command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    assert command
    connection = connection_if_there()
    if connection is not None:
        MigrationExecutor(connection)  # imports every migration
    connections.close_all()


def timed(method, calls):
    """Run `migrate` for each of `calls`, timing every migration that goes through `method`."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    done, current = [], {"name": ""}
    original = getattr(MigrationExecutor, method)

    def measured(self, models, migration, *args, **kwargs):
        current["name"] = "%s.%s" % (migration.app_label, migration.name)
        start = time.monotonic()
        result = original(self, models, migration, *args, **kwargs)
        done.append([migration.app_label, migration.name, time.monotonic() - start])
        current["name"] = ""
        return result

    setattr(MigrationExecutor, method, measured)
    state["changing"] = True
    start = time.monotonic()
    try:
        for call in calls:
            call_command("migrate", *call, interactive=False, verbosity=1)
    except BaseException as problem:
        traceback.print_exc()  # whole, to the log of the run; the answer has its end only
        error = described(problem)
        error["migration"] = current["name"]
        return {"error": error, "applied": done}
    finally:
        connections.close_all()
    return {"seconds": time.monotonic() - start, "applied": done}


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
    "changes": changes,
    "urls": urls,
    "collectstatic": collectstatic,
    "migrate": migrate,
    "unmigrate": unmigrate,
}

if __name__ == "__main__":
    sys.exit(main())
