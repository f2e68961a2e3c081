"""A database on a server, as `parom init` finds it: by which variable, and never its password."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from parom.config.example import filled
from parom.config.reading import parsed
from parom.facts import DatabaseSettings, ProjectFacts
from parom.inspect.asking import Answers
from parom.inspect.draft import Draft, draft
from parom.inspect.found import Found
from parom.inspect.project import inspect_project
from parom.inspect.wishes import Wishes
from tests.adapters.layouts.trees import write_tree

KEY = "age1xqwnsdk4zwx4xmhcqjh3ze2ly7mrtg4x4x66d5vzyq5wpr3f356s6j7hp4"
CANARY = "canary-9d1"
URL = f"postgresql://shop_owner:{CANARY}@db.internal:5433/shop"
_TABLE = "database"
_MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")\n'
_ENGINE = "django.db.backends.postgresql"
BY_URL = {"type": "postgresql", "url_variable": "DATABASE_URL"}
APART = {"type": "postgresql", "name": "shop", "host": "db.internal", "port": 5433, "user": "owner"}
VARIABLES = (
    f"DB_NAME=shop\nDB_HOST=db.internal\nDB_PORT=5433\nDB_USER=owner\nDB_PASSWORD={CANARY}\n"
)
READ_APART = """DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql",
    "NAME": os.environ["DB_NAME"], "HOST": os.environ.get("DB_HOST", "localhost"),
    "PORT": os.getenv("DB_PORT", 5432), "USER": env.str("DB_USER"), "PASSWORD": %s}}"""


def _drafted(
    folder: Path, settings: str, env: str, answers: Answers | None = None
) -> tuple[dict[str, Any], Draft]:
    """The [database] table as data, and the draft."""
    files = {"manage.py": _MANAGE, "site1/__init__.py": "", "site1/settings.py": settings}
    write_tree(folder, {**files, **({".env": env} if env else {})})
    wishes = Wishes("shop", folder, folder.parent / "live", folder.parent / "backups", (KEY,),
                    "given", "releases", "why")  # fmt: skip
    found = draft(inspect_project(folder), answers, wishes)
    text = filled(found.settings)
    parsed(text, folder / "parom.toml")
    assert CANARY not in text + repr(found)
    return tomllib.loads(text)["database"], found


def _decide(found: Draft) -> list[str]:
    return [key for (table, key), one in found.settings.items() if one.decide and table == _TABLE]


def _asked(**settings: str) -> Answers:
    facts = ProjectFacts("5.2", "3.12", "site1.settings", DatabaseSettings(**settings),
                         "", "", (), (), "", debug=False)  # fmt: skip
    return Answers(Found("/usr/bin/python", "given"), facts, ())


@pytest.mark.parametrize(
    "settings",
    [
        'DATABASES = {"default": env.db()}',
        'DATABASES = {"default": env.db("DATABASE_URL", default="sqlite:///db.sqlite3")}',
        'DATABASES = {"default": dj_database_url.config(conn_max_age=600)}',
        'DATABASES = {"default": dj_database_url.config(env="DATABASE_URL", default="sqlite:///x")}',
        'DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}',
        'DATABASES = {"default": config("DATABASE_URL", cast=db_url)}',
        'DATABASES = {"default": {}}\nDATABASES["default"] = dj_database_url.config()',
        'DATABASES = {"default": {}}\nDATABASES["default"].update(dj_database_url.config())',
        'URL = os.environ.get("DATABASE_URL")\nif URL:\n    DATABASES = {"default": parse(URL)}\n'
        'else:\n    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "x"}}',
        '_a = urlsplit(os.environ["DATABASE_URL"])\nDATABASES = {"default": dict('
        f'ENGINE="{_ENGINE}", NAME=_a.path[1:], HOST=_a.hostname, PASSWORD=unquote(_a.password))}}',
    ],
)
def test_the_variable_with_the_address_is_found(tmp_path: Path, settings: str) -> None:
    """However the settings read it: the environment file says which database that is."""
    data, found = _drafted(tmp_path / "shop", settings, f"DATABASE_URL={URL}\n")
    assert data == BY_URL
    assert _decide(found) == []
    assert ".env" in found.settings["database", "url_variable"].remarks[0]


@pytest.mark.parametrize(
    "password",
    ['os.environ["DB_PASSWORD"]', 'env("DB_PASSWORD")', 'config("DB_PASSWORD", default="x")', "P"],
)
def test_a_database_is_found_key_by_key(tmp_path: Path, password: str) -> None:
    """Of the password the variable alone."""
    settings = 'P = os.environ["DB_PASSWORD"]\n' + READ_APART % password
    data, found = _drafted(tmp_path / "shop", settings, VARIABLES)
    assert data == {**APART, "password_variable": "DB_PASSWORD"}
    assert _decide(found) == []


def test_what_the_application_says_counts_before_what_was_read(tmp_path: Path) -> None:
    """Its settings may be too clever to be read; the file with the address is known by it."""
    answers = _asked(engine=_ENGINE, name="shop", host="db.internal", port="5433", user="x")
    data, _ = _drafted(tmp_path / "shop", "DATABASES = clever()", f"MAIN_DB={URL}\n", answers)
    assert data == {**BY_URL, "url_variable": "MAIN_DB"}
    other = _asked(engine=_ENGINE, name="other", host="db.internal", port="", user="x")
    (tmp_path / "b").mkdir()
    data, _ = _drafted(tmp_path / "b/shop", "DATABASES = clever()", f"MAIN_DB={URL}\n", other)
    assert data == {"type": "postgresql", "name": "other", "host": "db.internal", "user": "x"}


def test_a_password_is_guessed_by_its_name_for_a_person_to_decide(tmp_path: Path) -> None:
    """Parom is not told what it is, so that it cannot compare."""
    answers = _asked(engine=_ENGINE, name="shop")
    env = f"SECRET_KEY=x\nPOSTGRES_PASSWORD={CANARY}\n"
    data, found = _drafted(tmp_path / "shop", "DATABASES = clever()", env, answers)
    assert data["password_variable"] == "POSTGRES_PASSWORD"
    assert _decide(found) == ["password_variable"]


@pytest.mark.parametrize(
    ("settings", "env", "decide", "remark"),
    [
        ('DATABASES = {"default": env.db(default="postgres://127.0.0.1/shop")}', "",
         ["url_variable"], "no environment file here has it"),
        (READ_APART % 'os.environ["DB_PASSWORD"]', VARIABLES.replace("PASSWORD", "X"),
         ["password_variable"],
         "no environment file here has it"),
        (READ_APART % '""', "DB_NAME=shop\nDB_PORT=5432\n", ["name"], "DB_HOST, DB_USER"),
        ('DATABASES = {"default": env.db()}', f"DATABASE_URL={URL.replace('5433', '6432')}\n",
         ["url_variable"], "pgbouncer"),
        (f'DATABASES = {{"default": {{"ENGINE": "{_ENGINE}", "NAME": clever()}}}}', "", ["name"],
         "name the database"),
        ('DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": "shop"}}', "",
         ["path"], "MySQL is refused"),
        ('DATABASES = {"default": env.db()}', "DATABASE_URL=oracle://u:p@db/shop\n",
         ["path"], "which Parom does not carry"),
    ],
)  # fmt: skip
def test_what_is_not_sure_is_for_a_person(
    tmp_path: Path, settings: str, env: str, decide: list[str], remark: str
) -> None:
    """A wrong guess would be found in the middle of a deployment."""
    _, found = _drafted(tmp_path / "shop", settings, env)
    assert _decide(found) == decide
    assert any(remark in one for one in found.settings["database", decide[0]].remarks)


def test_a_file_that_has_to_be_written_is_named(tmp_path: Path) -> None:
    """A variable without its file would be found missing by the first deployment."""
    settings = 'DATABASES = {"default": env.db("MAIN_URL", default="postgres://127.0.0.1/shop")}'
    _, found = _drafted(tmp_path / "shop", settings, "")
    file = found.settings["release", "environment_file"]
    assert (file.value, file.decide) == ("shared/.env", True)
    assert "MAIN_URL" in file.remarks[0]


def test_a_new_installation_is_said_to_begin_empty(tmp_path: Path) -> None:
    """Whoever has data already goes another way, and learns it before the first refusal."""
    settings = 'DATABASES = {"default": env.db()}'
    _, found = _drafted(tmp_path / "shop", settings, f"DATABASE_URL={URL}\n")
    assert "--layout in-place" in found.settings["database", "type"].remarks[-1]


def test_a_password_in_the_settings_is_no_longer_repeated(tmp_path: Path) -> None:
    """Nor guessed at: the person is told where to put it."""
    settings = READ_APART % f'"{CANARY}"' + '\nDATABASES["default"]["OPTIONS"] = {"sslmode": "x"}'
    data, found = _drafted(tmp_path / "shop", settings, VARIABLES)
    assert "password_variable" not in data
    assert "database.password_variable" in found.notes[0]
    assert "sslmode" in found.notes[1]


def test_production_may_mean_another_database_than_this_folder(tmp_path: Path) -> None:
    """Without an environment file the settings fall back to SQLite, and production may not."""
    settings = 'DATABASES = {"default": env.db(default="sqlite:///db.sqlite3")}'
    data, found = _drafted(tmp_path / "shop", settings, "")
    assert "type" not in data
    assert "DATABASE_URL" in found.notes[0]
