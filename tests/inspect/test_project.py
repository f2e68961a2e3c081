"""What a folder says about the project in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.errors import ParomError
from parom.inspect.found import Found
from parom.inspect.project import inspect_project
from tests.adapters.layouts.trees import write_tree

MANAGE = """\
import os, sys
def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
WSGI = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")\n'
MODERN = """\
import os
from pathlib import Path
import environ
env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATABASES = {"default": {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ.get("DB_PATH", BASE_DIR / "db.sqlite3"),
}}
MEDIA_ROOT = BASE_DIR / "media"
STATIC_ROOT: Path = Path(env("STATIC_ROOT", default="staticfiles"))
LOG_DIR = BASE_DIR / "logs"
LOGGING = {"handlers": {"file": {"class": "x", "filename": LOG_DIR / "django.log"}}}
WSGI_APPLICATION = "config.wsgi.application"
"""
OLD_BASE = """\
import os
BASE_DIR = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
def at(name):
    return os.path.join(BASE_DIR, name)
DATABASES = {
    'default': {
        'ENGINE': 'django.db.backends.sqlite3',
        'NAME': os.path.join(BASE_DIR, 'data', 'app.db'),
    },
}
MEDIA_ROOT = os.path.join(BASE_DIR, 'uploads')
"""
CELERY = "from celery import Celery\napp = Celery('config')\n"


@pytest.fixture
def modern(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    write_tree(
        root,
        {
            "manage.py": MANAGE.format(module="config.settings"),
            "config/__init__.py": "",
            "config/settings.py": MODERN,
            "config/wsgi.py": WSGI.format(module="config.settings"),
            "config/celery.py": CELERY + "app.conf.beat_schedule = {}\n",
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n',
            "uv.lock": "version = 1\n",
            "requirements.txt": "django\n",
            ".venv/pyvenv.cfg": "home = /usr/bin\nversion_info = 3.12.1\n",
            ".env": "SECRET_KEY=x\n",
            ".env.example": "SECRET_KEY=\n",
            ".env.maintenance": "SYSTEM_MAINTENANCE=true\n",
            "start_services.sh*": "#!/bin/sh\n",
            "stop_services.sh*": "#!/bin/sh\n",
        },
    )
    return root


def test_a_usual_project_is_understood(modern: Path) -> None:
    """`parom init` should have few questions left."""
    found = inspect_project(modern)
    assert found.manage.value == "manage.py"
    assert found.settings == Found("config.settings", "config/wsgi.py sets DJANGO_SETTINGS_MODULE")
    assert found.wsgi == Found("config.wsgi:application", "WSGI_APPLICATION in the settings")
    assert found.dependencies
    assert found.dependencies.value == "uv.lock"
    assert found.python == Found(">=3.11", "requires-python in pyproject.toml")
    assert found.environment
    assert found.environment.value == ".venv"
    assert found.start_script
    assert found.stop_script
    assert found.database == Found("db.sqlite3", "DATABASES in the settings")
    assert found.static_root
    assert found.static_root.value == "staticfiles"
    assert [one.value for one in found.shared] == ["db.sqlite3", "media/", "logs/", ".env"]


def test_celery_gets_the_commands_to_run_it(modern: Path) -> None:
    """Workers and schedulers are what a hand-made plan forgets."""
    celery = inspect_project(modern).celery
    assert celery
    assert celery.worker == ("{python}", "-m", "celery", "-A", "config", "worker",
                             "--loglevel", "INFO")  # fmt: skip
    assert celery.scheduler[5:6] == ("beat",)
    write_tree(modern, {"config/celery.py": CELERY})
    again = inspect_project(modern).celery
    assert again
    assert again.scheduler == ()


def test_settings_in_parts_and_one_folder_down_are_understood(tmp_path: Path) -> None:
    """An older project: a package of settings, os.path, production named by wsgi.py."""
    write_tree(
        tmp_path,
        {
            "backend/manage.py": MANAGE.format(module="site_x.settings.dev"),
            "backend/site_x/__init__.py": "",
            "backend/site_x/wsgi.py": WSGI.format(module="site_x.settings.production"),
            "backend/site_x/settings/__init__.py": "",
            "backend/site_x/settings/base.py": OLD_BASE,
            "backend/site_x/settings/production.py": "from .base import *\nDEBUG = False\n",
            "backend/requirements/prod.txt": "django==4.2 --hash=sha256:0\n",
            "backend/.python-version": "3.8\n",
            "frontend/package.json": "{}",
        },
    )
    found = inspect_project(tmp_path)
    assert found.manage.value == "backend/manage.py"
    assert found.settings
    assert found.settings.value == "site_x.settings.production"
    assert found.database == Found("backend/data/app.db", "DATABASES in the settings")
    assert found.media_root
    assert found.media_root.value == "backend/uploads"
    assert found.dependencies == Found("backend/requirements/prod.txt", "it pins hashes")
    assert found.python == Found("3.8", ".python-version")
    assert found.wsgi == Found("site_x.wsgi:application", "site_x/wsgi.py exists")


@pytest.mark.parametrize(
    ("database", "wanted"),
    [
        ('{"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/x.db")}', "x.db"),
        ('{"default": dj_database_url.config(default="sqlite:////srv/x.db")}', "/srv/x.db"),
        ('{"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}}', None),
        ('{"default": load_from_somewhere()}', None),
        ("{**others}", None),
    ],
)
def test_databases_are_found_or_left_open(modern: Path, database: str, wanted: str | None) -> None:
    """A wrong guess about the database would be worse than a question."""
    settings = (
        "from pathlib import Path\n"
        "BASE_DIR = Path(__file__).resolve().parents[1]\n"
        f"DATABASES = {database}\n"
    )
    (modern / "config/settings.py").write_text(settings)
    found = inspect_project(modern).database
    assert (found.value if found else None) == wanted


def test_the_repository_is_found_without_its_password(modern: Path) -> None:
    """The finding goes into parom.toml, which is committed."""
    config = (
        '[core]\n\tbare = false\n[remote "origin"]\n\turl = https://me:token@git.example/x.git\n'
    )
    write_tree(modern.parent, {".git/config": config, ".git/HEAD": "ref: refs/heads/develop\n"})
    git = inspect_project(modern).git
    assert git
    assert (git.location, git.ref, git.subfolder) == (
        "https://git.example/x.git",
        "develop",
        "project",
    )
    write_tree(modern.parent, {".git/HEAD": "0" * 40})
    detached = inspect_project(modern).git
    assert detached
    assert detached.ref == ""


def test_locks_of_other_tools_are_named_with_the_way_out(modern: Path) -> None:
    """Silence would look as if they were honoured."""
    write_tree(modern, {"poetry.lock": ""})
    assert "poetry export" in inspect_project(modern).notes[0]


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"manage.py": "print('something else')"},
        {"manage.py": "def broken(:"},
        {"a/b/manage.py": MANAGE.format(module="x")},
    ],
    ids=["empty", "another manage.py", "no Python", "too deep"],
)
def test_what_is_no_django_project_is_said_so(tmp_path: Path, files: dict[str, str]) -> None:
    """Before anything is written."""
    write_tree(tmp_path, files)
    with pytest.raises(ParomError, match=r"inspect\.not-django"):
        inspect_project(tmp_path)
    with pytest.raises(ParomError, match=r"inspect\.not-django"):
        inspect_project(tmp_path / "missing")


def test_several_projects_are_named(tmp_path: Path) -> None:
    """A person knows which one is meant."""
    for name in ("one", "two"):
        write_tree(tmp_path, {f"{name}/manage.py": MANAGE.format(module="x")})
    with pytest.raises(ParomError, match=r"inspect\.several-projects.*one/manage\.py"):
        inspect_project(tmp_path)


def test_nothing_of_the_project_is_run(modern: Path) -> None:
    """`parom init` may be tried on code that nobody trusts yet."""
    trap = f"open({str(modern / 'trapped')!r}, 'w')\n"
    for name in ("manage.py", "config/settings.py", "config/__init__.py"):
        file = modern / name
        file.write_text(trap + file.read_text())
    inspect_project(modern)
    assert not (modern / "trapped").exists()
