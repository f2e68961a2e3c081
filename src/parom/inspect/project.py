"""Everything that `parom init` can find out about a folder by reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parom.inspect import entry_points, environment, mutable, surroundings
from parom.inspect.entry_points import CeleryFound
from parom.inspect.evaluation import Value
from parom.inspect.expressions import read_database
from parom.inspect.found import Found
from parom.inspect.server_found import ServerReading
from parom.inspect.server_reading import read_server
from parom.inspect.settings import module_file, read_settings
from parom.inspect.surroundings import GitOrigin
from parom.inspect.urls import Route, read_routes
from parom.inspect.web_server import find_gunicorn
from parom.words.said import said


@dataclass(frozen=True)
class ProjectInspection:
    """What was found, each with how. None and empty mean: not found.

    Paths are relative to `root`, or absolute where they lie outside of it.
    """

    root: Path
    manage: Found
    settings: Found | None
    wsgi: Found | None
    celery: CeleryFound | None
    dependencies: Found | None
    python: Found | None
    environment: Found | None
    start_script: Found | None
    stop_script: Found | None
    environment_files: tuple[Found, ...]
    git: GitOrigin | None
    database: Found | None
    server: ServerReading
    media_root: Found | None
    static_root: Found | None
    logs: tuple[Found, ...]
    gunicorn: Found | None
    """Its version; empty where that is not said."""
    routes: tuple[Route, ...]
    notes: tuple[str, ...]
    """What a person should know, in whole sentences."""

    @property
    def shared(self) -> tuple[Found, ...]:
        """Suggestions for `release.shared`: what the application writes, inside the root.

        Not the static files: these belong to each release.
        """
        media = self.media_root
        folders = [Found(media.value.rstrip("/") + "/", media.how)] if media else []
        candidates = (
            *([self.database] if self.database else []),
            *folders,
            *self.logs,
            *self.environment_files,
        )
        inside = {one.value: one for one in candidates if not Path(one.value).is_absolute()}
        return tuple(one for value, one in inside.items() if value != "./")


def inspect_project(folder: Path) -> ProjectInspection:
    """Read a folder. Nothing in it is run or changed.

    Raises `inspect.not-django`, `inspect.several-projects`.
    """
    root = folder.absolute()
    manage = entry_points.find_manage(root)
    project = manage.parent
    module = entry_points.find_settings(manage)
    settings = read_settings(project, module.value) if module else {}
    own_environment = environment.find_environment(root, project)
    dependencies = environment.find_dependencies(root, project)
    urlconf = settings.get("ROOT_URLCONF")
    files = surroundings.find_environment_files(root, project)
    return ProjectInspection(
        root=root,
        manage=Found(str(manage.relative_to(root)), said("it names the settings module")),
        settings=module,
        wsgi=entry_points.find_wsgi(manage, settings),
        celery=entry_points.find_celery(manage),
        dependencies=dependencies,
        python=environment.find_python(root, project, own_environment),
        environment=own_environment,
        start_script=surroundings.find_start_script(root),
        stop_script=surroundings.find_stop_script(root),
        environment_files=files,
        git=surroundings.find_git(root),
        database=mutable.find_database(root, project, settings),
        server=_read_server(root, project, module, settings, files),
        media_root=mutable.find_folder_setting(root, project, settings, "MEDIA_ROOT"),
        static_root=mutable.find_folder_setting(root, project, settings, "STATIC_ROOT"),
        logs=mutable.find_logs(root, project, settings),
        gunicorn=find_gunicorn(root, dependencies, own_environment),
        routes=read_routes(project, urlconf) if isinstance(urlconf, str) else (),
        notes=environment.foreign_locks(root, project),
    )


def _read_server(
    root: Path,
    project: Path,
    module: Found | None,
    settings: dict[str, Value],
    files: tuple[Found, ...],
) -> ServerReading:
    if module is None:
        return ServerReading()
    expressions = read_database(project, module.value)
    file = module_file(project, module.value) or project
    return read_server(root, expressions, settings, file, files)
