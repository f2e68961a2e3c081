"""Settings come from the environment alone, and are safe without being told to be."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.environment import Environment
from releases import build

KEY = {"HRHELPER_SECRET_KEY": "k7" * 20 + "abcdefghijklmnopqrstuvwxyz"}


def manage(folder, *arguments, tree=settings.BASE_DIR, **variables):
    """manage.py in a clean environment, with its files in `folder`."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("HRHELPER_", "DJANGO_"))}
    files = {
        "HRHELPER_LOG": str(folder / "django.log"),
        "HRHELPER_DATABASE": str(folder / "db.sqlite3"),
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command,
        cwd=tree,
        env=outside | files | variables,
        check=False,
        capture_output=True,
        text=True,
    )


def test_production_passes_every_deployment_check(tmp_path):
    """With nothing set but the key."""
    ran = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **KEY)
    assert ran.returncode == 0, ran.stderr
    assert "no issues (0 silenced)" in ran.stdout


def test_there_is_no_start_without_a_key(tmp_path):
    """A built-in key would be everybody's key."""
    build("r2", tmp_path / "tree")  # no .env lies there
    ran = manage(tmp_path, "check", tree=tmp_path / "tree")
    assert ran.returncode != 0
    assert "HRHELPER_SECRET_KEY is not set, neither in the environment nor in .env" in ran.stderr


def test_models_and_migrations_agree(tmp_path):
    """A change of a model without its migration shows itself here."""
    ran = manage(tmp_path, "makemigrations", "--check", "--dry-run", **KEY)
    assert ran.returncode == 0, ran.stdout


def test_file_gives_what_the_environment_does_not(tmp_path, monkeypatch):
    """The process's own variables win, so that one start can differ."""
    file = tmp_path / ".env"
    file.write_text("# comment\nHR_A=file\nHR_B='quoted, twice'\nHR_C=x\n", "utf-8")
    monkeypatch.setenv("HR_A", "process")
    env = Environment(file)
    assert env.text("HR_A") == "process"
    assert env.items("HR_B") == ["quoted", "twice"]
    with pytest.raises(ImproperlyConfigured, match="HR_C must be a whole number, not 'x'"):
        env.number("HR_C", 1)
