"""One source tree gives three releases."""

import subprocess
import sys
import textwrap

import pytest

from releases import TREE, build
from tests.releases.conftest import Release

SOUND = textwrap.dedent("""
    from django.core.management import call_command
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check_changes=True, dry_run=True)
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
""")

DEPLOYED = ("check", "--deploy", "--fail-level", "WARNING")


def files_of(tree):
    return {
        str(path.relative_to(tree)) for path in tree.rglob("*") if path.is_file() and path.parts
    }


def test_releases_differ_in_what_they_are_about(trees):
    """r1 knows no derived currencies, r3 is r2 and its faults."""
    one, two, three = (files_of(trees[name]) for name in ("r1", "r2", "r3"))
    assert two - one == {
        "apps/finance/migrations/0003_amounts_location_index.py",
        "logic/finance/amounts.py",
    }
    assert one - two == set()
    assert three - two == {
        "apps/finance/migrations/0004_benchmark_origin.py",
        "apps/finance/views/wrong_on_purpose.py",
    }
    assert two - three == set()


def test_release_holds_what_a_server_needs_and_nothing_else(trees):
    """Neither the workshop nor somebody's database."""
    for tree in trees.values():
        assert (tree / "start_services.sh").stat().st_mode & 0o111
        top = {path.name for path in tree.iterdir()}
        assert {"manage.py", "requirements.txt", "gunicorn.conf.py", "checks"} <= top
        unwanted = {"tests", "overlays", "releases.py", "Makefile", ".venv", ".env", "db.sqlite3"}
        assert not unwanted & top


def test_every_release_speaks_russian(release_on):
    """Compiled catalogues are not in the source: who builds a release makes them."""
    say = "from django.utils.translation import gettext, override\n"
    say += "with override('ru'): print(gettext('Salary ranges'))"
    for name in ("r1", "r2", "r3"):
        assert "Зарплатные вилки" in release_on(name).manage("shell", "-v0", "-c", say)


def test_building_again_leaves_nothing_of_the_release_before(tmp_path):
    """A forgotten migration of r3 would be applied with r2; the repository stays."""
    destination = tmp_path / "tree"
    build("r3", destination)
    (destination / ".git").mkdir()
    (destination / ".git" / "HEAD").write_text("kept", "utf-8")
    (destination / "link").symlink_to(destination / "apps")
    build("r2", destination)
    assert not (destination / "apps/finance/migrations/0004_benchmark_origin.py").exists()
    assert not (destination / "link").is_symlink()
    assert (destination / ".git" / "HEAD").read_text("utf-8") == "kept"


@pytest.mark.parametrize("place", ["home", "inside"])
def test_folder_of_somebody_else_is_refused_untouched(tmp_path, place):
    """A typing error must not empty a home folder, or the source tree."""
    destination = tmp_path if place == "home" else TREE / "apps" / "copy"
    (tmp_path / "letter").write_text("dear", "utf-8")
    command = [sys.executable, str(TREE / "releases.py"), "build", "r1", str(destination)]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 1
    assert "Nothing was changed" in ran.stderr
    assert (tmp_path / "letter").read_text("utf-8") == "dear"
    assert not (TREE / "apps" / "copy").exists()


@pytest.mark.parametrize("name", ["r1", "r2", "r3"])
def test_every_release_is_sound_by_itself(release_on, name):
    """Models and migrations agree, and the OpenAPI document has no guesses."""
    release_on(name).manage("shell", "-v0", "-c", SOUND)


@pytest.fixture
def production(tmp_path):
    """All that a production on a host of its own is told; its keys are fresh."""
    command = [sys.executable, str(TREE / "make_env.py"), str(tmp_path / "keys")]
    subprocess.run(command, check=True)
    keys = dict(line.split("=", 1) for line in (tmp_path / "keys").read_text("ascii").splitlines())
    return keys | {
        "HRHELPER_ALLOWED_HOSTS": "hr.example",
        "HRHELPER_CSRF_TRUSTED_ORIGINS": "https://hr.example",
        "HRHELPER_DATABASE_URL": "postgresql://hr:password@db.example/hr",
        "HRHELPER_CACHE_URL": "redis://redis.example/1",
        "HRHELPER_BROKER_URL": "redis://redis.example/0",
        "HRHELPER_GOOGLE_CLIENT_ID": "hr.example",
        "HRHELPER_GOOGLE_CLIENT_SECRET": "secret",
        "HRHELPER_PROXIES": "1",
        "HRHELPER_LOG": str(tmp_path / "django.log"),
        "PYTHONWARNINGS": "error",
    }


@pytest.mark.parametrize("name", ["r1", "r2", "r3"])
def test_every_release_passes_the_deployment_checks(trees, production, name):
    """As it is built, with the settings of production; no warning, and none silenced."""
    said = Release(trees[name], production).manage(*DEPLOYED)
    assert "no issues (0 silenced)" in said


@pytest.mark.parametrize(
    ("variable", "value", "warning"),
    [
        ("HRHELPER_HSTS_SECONDS", "0", "security.W004"),
        ("HRHELPER_DEBUG", "true", "security.W018"),
        ("HRHELPER_SECRET_KEY", "short", "security.W009"),
        ("HRHELPER_CREDENTIAL_KEYS", "short", "accounts.E001"),
    ],
)
def test_deployment_checks_find_what_is_wrong(trees, production, variable, value, warning):
    """Or passing them would mean nothing."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        Release(trees["r2"], production | {variable: value}).manage(*DEPLOYED)
    assert warning in caught.value.stderr
