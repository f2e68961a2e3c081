"""Run by the release's own interpreter (Python 3.8+, Django 3.2+); standard library only.

    python inside.py COMMAND OUT [ARGUMENTS...]

The answer is one JSON document in the file OUT, since applications print to their output
as they like. A failure is {"error": {...}}: type, message, where, traceback, the module that
is missing, and whether the application had loaded by then.
"""

import contextlib
import importlib.util
import json
import os
import sys
import traceback

OWN = os.path.dirname(os.path.abspath(__file__))
state = {"loaded": False, "changing": False}


def main():
    # A script's own folder comes first on the path (not with PYTHONSAFEPATH); the
    # application's is wanted there.
    sys.path[:] = [os.getcwd()] + [one for one in sys.path if os.path.abspath(one) != OWN]
    sys.modules["parom_inside"] = sys.modules[__name__]
    code = answered(sys.argv[1], sys.argv[2], sys.argv[3:])
    if not state["changing"]:
        # A thread that the application started must not keep one waiting who only looked.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def answered(command, out, arguments):
    """The exit code."""
    try:
        answer = asked(command)(*arguments)
    except BaseException as problem:
        answer = {"error": described(problem)}
    write(out, answer)
    return 1 if "error" in answer else 0


def asked(command):
    return COMMANDS[command] if command in COMMANDS else getattr(beside(BESIDE[command]), command)


def beside(name):
    """A module that lies beside this one, where the path does not lead.

    It finds this one as `parom_inside`, and shares its state.
    """
    full = "parom_" + name
    if full not in sys.modules:
        file = os.path.join(OWN, name + ".py")
        spec = importlib.util.spec_from_file_location(full, file)
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


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
        and os.path.dirname(os.path.abspath(frame.filename)) != OWN
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


def several(questions, *outs):
    """The application is loaded once, and each question answered in a process of its own, in turn:
    what one of them leaves behind (models that it followed, modules, a language) no other sees.

    Nothing is answered where the application has started threads: in a fork they are gone, and what
    they hold is let go of, a transaction on the very file of the database among it.
    """
    set_up()
    from django.db import connections

    connections.close_all()
    if len(os.listdir("/proc/self/task")) > 1:
        return {}
    sys.stdout.flush()
    sys.stderr.flush()
    for number, (command, *arguments) in enumerate(json.loads(questions)):
        child = os.fork()
        if child == 0:
            sys.argv[1:] = [command, outs[number], *arguments]
            try:
                answered(command, outs[number], arguments)
            finally:
                os._exit(0)
        # Where the application ignores SIGCHLD it is waited for, and not found afterwards.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)
    return {}


def set_up(looking=True):
    if state["loaded"]:
        return
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
    "check": check,
    "changes": changes,
    "urls": urls,
    "collectstatic": collectstatic,
    "several": several,
}
BESIDE = {
    "imports": "importing",
    "migrations": "pending",
    "tables": "tables",
    "migrate": "migrating",
    "unmigrate": "migrating",
}
"""In which module the other commands are."""

if __name__ == "__main__":
    sys.exit(main())
