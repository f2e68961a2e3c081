"""What a project writes to: database, media, logs; and where its static files go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from parom.inspect.evaluation import Value
from parom.inspect.found import Found, in_settings
from parom.words.said import said

_SQLITE_URL = re.compile(r"^sqlite:///(?P<path>.+)$")
_LOG_FOLDERS = ("logs", "log")


def find_database(root: Path, project: Path, settings: Mapping[str, Value]) -> Found | None:
    """The SQLite database file, relative to the root where it lies in there."""
    databases = settings.get("DATABASES")
    default = databases.get("default") if isinstance(databases, dict) else None
    if isinstance(default, dict) and "sqlite3" in str(default.get("ENGINE", "")):
        name = default.get("NAME")
        if isinstance(name, str | Path) and str(name) not in ("", ":memory:"):
            return _found(root, project, name, in_settings("DATABASES"))
    if isinstance(default, str):
        url = _SQLITE_URL.match(default)
        if url:
            return _found(
                root, project, url["path"], said("the database URL's default in the settings")
            )
    for file in sorted((*project.glob("*.sqlite3"), *root.glob("*.sqlite3"))):
        return Found(str(file.relative_to(root)), said("it exists"))
    return None


def find_folder_setting(
    root: Path, project: Path, settings: Mapping[str, Value], name: str
) -> Found | None:
    """MEDIA_ROOT or STATIC_ROOT."""
    value = settings.get(name)
    if not isinstance(value, str | Path) or not str(value):
        return None
    return _found(root, project, value, in_settings(name))


def find_logs(root: Path, project: Path, settings: Mapping[str, Value]) -> tuple[Found, ...]:
    """Folders of log files, relative to the root; those elsewhere are not ours to share."""
    found: dict[str, Found] = {}
    for name in _file_names(settings.get("LOGGING")):
        log = _found(root, project, name, in_settings("LOGGING"))
        folder = str(Path(log.value).parent)
        if not Path(log.value).is_absolute():
            value = log.value if folder == "." else folder + "/"
            found.setdefault(value, Found(value, log.how))
    for place in dict.fromkeys((project, root)):
        for name in _LOG_FOLDERS:
            if (place / name).is_dir() and not (place / name / "__init__.py").exists():
                value = str((place / name).relative_to(root)) + "/"
                found.setdefault(value, Found(value, said("the folder exists")))
    return tuple(found[value] for value in sorted(found))


def _file_names(value: object) -> Iterator[str | Path]:
    """Every `filename` of the handlers, at any depth."""
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        if key == "filename" and isinstance(inner, str | Path):
            yield inner
        yield from _file_names(inner)


def _found(root: Path, project: Path, value: str | Path, how: str) -> Found:
    path = Path(value)
    if not path.is_absolute():
        # Relative paths are meant from where manage.py and the services are started.
        path = project / path
    inside = path.is_relative_to(root)
    return Found(str(path.relative_to(root)) if inside else str(path), how)
