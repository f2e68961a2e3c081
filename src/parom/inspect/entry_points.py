"""How a project is entered: manage.py, settings, WSGI, Celery."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from parom.errors import inspect as errors
from parom.inspect.evaluation import Value, evaluate
from parom.inspect.found import Found, dotted, in_settings, parsed, text_of
from parom.inspect.settings import module_file
from parom.words.said import said

_VARIABLE = "DJANGO_SETTINGS_MODULE"
_NOT_PROJECTS = frozenset({"node_modules", "venv", "env", "site-packages", "releases"})
_BEAT_SIGNS = ("beat_schedule", "CELERY_BEAT_SCHEDULE", "crontab(", "django_celery_beat")


@dataclass(frozen=True)
class CeleryFound:
    """A Celery app, with the commands that would run it."""

    app: Found
    worker: tuple[str, ...]
    scheduler: tuple[str, ...]
    """Empty where nothing is scheduled."""


def find_manage(folder: Path) -> Path:
    """The project's manage.py, in the folder or one below.

    Raises `inspect.not-django`, `inspect.several-projects`.
    """
    if not folder.is_dir():
        raise errors.not_django(folder, said("there is no such folder"))
    here = folder / "manage.py"
    if here.is_file():
        if settings_named_in(here) is None:
            raise errors.not_django(
                folder, said("manage.py does not name {variable}", variable=_VARIABLE)
            )
        return here
    found = [
        below / "manage.py"
        for below in _folders(folder)
        if settings_named_in(below / "manage.py") is not None
    ]
    if not found:
        raise errors.not_django(folder, said("there is no manage.py in it, nor one folder below"))
    if len(found) > 1:
        raise errors.several_projects(folder, [str(one.relative_to(folder)) for one in found])
    return found[0]


def settings_named_in(file: Path) -> str | None:
    """The settings module that a manage.py or wsgi.py sets; None where it sets none."""
    tree = parsed(file)
    for node in ast.walk(tree) if tree else ():
        value: ast.expr | None = None
        match node:
            case ast.Call(args=[ast.Constant(value=str(name)), given]) if (
                name == _VARIABLE and dotted(node.func).endswith("environ.setdefault")
            ):
                value = given
            case ast.Assign(
                targets=[ast.Subscript(slice=ast.Constant(value=str(name)))], value=given
            ) if name == _VARIABLE:
                value = given
        known = evaluate(value, {}, file)
        if isinstance(known, str):
            return known
    return None


def find_settings(manage: Path) -> Found | None:
    """The settings module: what wsgi.py names, since that is what production runs with."""
    project = manage.parent
    for file in (*_named(project, "wsgi.py"), *_named(project, "asgi.py"), manage):
        module = settings_named_in(file)
        if module and module_file(project, module):
            return Found(
                module,
                said("{file} sets {variable}", file=file.relative_to(project), variable=_VARIABLE),
            )
    module = settings_named_in(manage)
    return (
        Found(module, said("manage.py sets it; the module itself was not found"))
        if module
        else None
    )


def find_wsgi(manage: Path, settings: Mapping[str, Value]) -> Found | None:
    """The WSGI application as gunicorn wants it: `module:name`."""
    named = settings.get("WSGI_APPLICATION")
    if isinstance(named, str) and "." in named:
        module, _, name = named.rpartition(".")
        return Found(f"{module}:{name}", in_settings("WSGI_APPLICATION"))
    for file in _named(manage.parent, "wsgi.py"):
        module = ".".join(file.relative_to(manage.parent).with_suffix("").parts)
        return Found(
            f"{module}:application", said("{file} exists", file=file.relative_to(manage.parent))
        )
    return None


def find_celery(manage: Path) -> CeleryFound | None:
    """The module that makes a Celery app at its top level."""
    project = manage.parent
    for name in ("celery.py", "celery_app.py", "tasks.py"):
        for file in _named(project, name):
            if not _makes_celery(file):
                continue
            module = ".".join(file.relative_to(project).with_suffix("").parts)
            # Celery itself looks for `celery` in a package.
            app = module.removesuffix(".celery")
            start = ("{python}", "-m", "celery", "-A", app)
            return CeleryFound(
                Found(app, said("{file} makes a Celery app", file=file.relative_to(project))),
                (*start, "worker", "--loglevel", "INFO"),
                _scheduler(project, start),
            )
    return None


def _scheduler(project: Path, start: tuple[str, ...]) -> tuple[str, ...]:
    texts = [text_of(file) for file in _python_files(project)]
    if not any(sign in text for text in texts for sign in _BEAT_SIGNS):
        return ()
    beat = (*start, "beat", "--loglevel", "INFO")
    if any("django_celery_beat" in text for text in texts):
        return (*beat, "--scheduler", "django_celery_beat.schedulers:DatabaseScheduler")
    return beat


def _makes_celery(file: Path) -> bool:
    tree = parsed(file)
    calls = (
        node.value
        for node in (tree.body if tree else ())
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
    )
    return any(dotted(call.func) in ("Celery", "celery.Celery") for call in calls)


def _named(project: Path, name: str) -> list[Path]:
    """Files of that name in the project's folder and one below, in a fixed order."""
    places = (project, *_folders(project))
    return [place / name for place in places if (place / name).is_file()]


def _python_files(project: Path) -> Iterator[Path]:
    yield from sorted(project.glob("*.py"))
    for folder in _folders(project):
        yield from sorted(folder.rglob("*.py"))


def _folders(folder: Path) -> list[Path]:
    return sorted(
        below
        for below in folder.iterdir()
        if below.is_dir()
        and not below.name.startswith(".")
        and below.name not in _NOT_PROJECTS
        and not (below / "pyvenv.cfg").exists()
    )
