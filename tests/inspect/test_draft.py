"""From what was found to a configuration, with what a person must decide."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parom.config.example import filled
from parom.config.reading import parsed
from parom.facts import DatabaseSettings, ProjectFacts
from parom.inspect.asking import Answers, inside
from parom.inspect.draft import draft, name_of
from parom.inspect.found import Found
from parom.inspect.project import inspect_project
from parom.inspect.urls import Route
from parom.inspect.wishes import Wishes
from tests.adapters.layouts.trees import write_tree

KEY = "age1xqwnsdk4zwx4xmhcqjh3ze2ly7mrtg4x4x66d5vzyq5wpr3f356s6j7hp4"
_MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n'
_SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
ROOT_URLCONF = "site1.urls"
WSGI_APPLICATION = "site1.wsgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
MEDIA_ROOT = BASE_DIR / "media"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    write_tree(
        folder,
        {
            "manage.py": _MANAGE,
            "site1/__init__.py": "",
            "site1/settings.py": _SETTINGS,
            "site1/urls.py": 'urlpatterns = [path("health/", views.health), path("", views.home)]',
            "requirements.txt": "django==5.2\ngunicorn==27.0.1\n",
        },
    )
    return folder


def _drafted(
    folder: Path, answers: Answers | None = None, layout: str = "releases"
) -> tuple[dict[str, Any], list[str]]:
    """The configuration as data, and the keys that are to be decided."""
    wishes = Wishes("shop", folder, folder.parent / "live", folder.parent / "backups", (KEY,),
                    "given", layout, "why")  # fmt: skip
    found = draft(inspect_project(folder), answers, wishes)
    text = filled(found.settings)
    parsed(text, folder / "parom.toml")
    decide = [".".join(key) for key, one in found.settings.items() if one.decide]
    return tomllib.loads(text), decide


def test_an_ordinary_project_needs_no_decision(project: Path) -> None:
    """Init, doctor, deploy: the fewest steps to the first release."""
    data, decide = _drafted(project)
    assert decide == []
    assert data["project"] == {"name": "shop", "root": "../live", "settings": "site1.settings"}
    assert data["release"]["shared"] == ["db.sqlite3", "media/"]
    assert data["database"]["path"] == "shared/db.sqlite3"
    assert data["vault"]["media"] == ["shared/media"]
    assert data["checks"]["health"] == "/health/"
    assert data["services"]["web"][-2:] == ["--no-control-socket", "site1.wsgi:application"]
    # A folder as a source must not bring the data of the project along.
    excluded = ["/db.sqlite3", "/media", "/db.sqlite3-*", "/parom.toml"]
    assert data["source"] == {"type": "directory", "location": ".", "exclude": excluded}


def test_a_repository_is_the_source_where_there_is_one(project: Path) -> None:
    """A commit can be named again; a folder's state cannot."""
    write_tree(project, {".git/config": "[core]\n", ".git/HEAD": "ref: refs/heads/trunk\n"})
    assert _drafted(project)[0]["source"] == {"type": "git", "location": ".", "ref": "trunk"}


def test_data_and_secrets_that_are_there_are_asked_about(project: Path) -> None:
    """An installation that starts empty, or with a developer's settings, is a wrong guess."""
    write_tree(project, {"db.sqlite3": "data", ".env": "SECRET_KEY=x\n", ".env.smtp": "P=1\n"})
    data, decide = _drafted(project)
    assert decide == ["database.path", "release.environment_file"]
    assert data["release"]["environment_file"] == "shared/.env"
    assert data["vault"]["configuration"] == ["shared/.env.smtp"]


def test_missing_things_are_asked_about(project: Path) -> None:
    """Each with a value that can stand, so that the file is whole."""
    (project / "requirements.txt").unlink()
    (project / "site1/urls.py").write_text('urlpatterns = [path("about/", views.about)]')
    settings = project / "site1/settings.py"
    settings.write_text(settings.read_text().replace("DATABASES", "NO_DATABASES"))
    data, decide = _drafted(project)
    assert decide == ["release.dependencies", "database.path", "checks.health"]
    assert data["checks"]["health"] == "/about/"


def test_scripts_make_an_installation_in_place(project: Path) -> None:
    """The team's own way goes on working; nothing lies in shared/ there."""
    write_tree(project, {"start_services.sh*": "gunicorn --bind 127.0.0.1:8123 site1.wsgi\n",
                         "stop_services.sh*": "#!/bin/sh\n", ".env": "A=1\n"})  # fmt: skip
    data, _ = _drafted(project, layout="in-place")
    assert data["services"]["type"] == "scripts"
    assert data["services"]["bind"] == "127.0.0.1:8123"
    assert data["gateway"]["type"] == "flag"
    assert data["database"]["path"] == "db.sqlite3"
    assert data["release"]["environment_file"] == ".env"
    assert data["vault"]["media"] == ["media"]


@pytest.mark.parametrize(
    ("line", "bind"),
    [
        ("gunicorn -b 0.0.0.0:80 x", "0.0.0.0:80"),
        ('gunicorn --bind "127.0.0.1:$PORT" x', "127.0.0.1:8456"),
        ("gunicorn --bind 127.0.0.1:${PORT:-9000} x", "127.0.0.1:8456"),
        ("gunicorn --bind 127.0.0.1:${OTHER:-9000} x", "127.0.0.1:9000"),
        ('bind="${BIND:-localhost:8009}"', "localhost:8009"),
    ],
)
def test_the_address_of_a_start_script_is_found(project: Path, line: str, bind: str) -> None:
    """A new release is waited for there: a wrong one would be taken back."""
    write_tree(project, {"start_services.sh*": f"# 1.2.3.4:99\n{line}\n", ".env": "PORT=8456\n"})
    data, decide = _drafted(project, layout="in-place")
    assert data["services"]["bind"] == bind
    assert "services.bind" not in decide


def test_what_the_application_says_wins(project: Path) -> None:
    """Its settings may depend on what reading cannot know."""
    facts = ProjectFacts("5.2", "3.12", "site1.settings",
                         DatabaseSettings("django.db.backends.sqlite3", "/srv/data/app.db"),
                         "", "", (), (), "", debug=True)  # fmt: skip
    answers = Answers(Found("/usr/bin/python", "given"), facts, (Route("/api/schema/", "schema"),))
    data, _ = _drafted(project, answers)
    assert data["database"]["path"] == "/srv/data/app.db"
    assert data["checks"]["openapi"] == "/api/schema/"
    assert data["release"]["shared"] == ["media/"]


def test_an_application_that_does_not_load_is_said(project: Path) -> None:
    """Then what was read stands, and the person knows why."""
    answers = Answers(Found("/x/python", "given"), None, (), "No module named celery")
    wishes = Wishes("shop", project, project, project, (KEY,), "", "releases", "")
    notes = draft(inspect_project(project), answers, wishes).notes
    assert "No module named celery" in notes[0]


@pytest.mark.parametrize(
    ("folder", "name"),
    [("shop", "shop"), ("My Shop", "My-Shop"), ("магазин", "application"), ("-x-", "x")],
)
def test_names_are_made_of_folders(folder: str, name: str) -> None:
    """Whatever the folder is called, the file is valid."""
    assert name_of(Path("/srv") / folder) == name


def test_paths_inside_of_the_project_are_told_from_others() -> None:
    """A relative path is shared; an absolute one stays where it is."""
    assert inside(Path("/srv/shop"), "/srv/shop/site1/../db.sqlite3") == "db.sqlite3"
    assert inside(Path("/srv/shop"), "/srv/shop2/db.sqlite3") == "/srv/shop2/db.sqlite3"
