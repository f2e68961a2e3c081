"""A rehearsal cannot reach the production, and one that would is refused with the reason."""

from __future__ import annotations

import http.server
import json
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.services.trial import WebTrial
from parom.errors import ParomError
from tests.support.ferry import write_project
from tests.support.living import is_gone

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")
_WRITES = "Note.objects.create(text='written in a rehearsal')"
_READS = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site1.settings")
import django
django.setup()
from django.db import connections
from notes.models import Note
Note.objects.count()
"""
_NAMES_ITS_SETTINGS = 'import os; os.environ["DJANGO_SETTINGS_MODULE"] = "site1.settings"\n'


@dataclass
class Stage:
    """A release with a production beside it and a copy of its database."""

    top: Path

    @property
    def root(self) -> Path:
        return self.top / "installation"

    @property
    def release(self) -> Path:
        return self.root / "releases" / "one"

    @property
    def production(self) -> Path:
        return self.root / "shared" / "db.sqlite3"

    @property
    def copy(self) -> Path:
        return self.top / "scratch" / "database" / "database.sqlite3"

    @property
    def media(self) -> Path:
        return self.top / "scratch" / "media"

    @property
    def trial(self) -> WebTrial:
        gunicorn = ("{python}", "-m", "gunicorn", "--no-control-socket", "--bind", "{bind}")
        return WebTrial(
            command=(*gunicorn, "--workers", "1", "site1.wsgi"),
            state=self.root / ".parom",
            settings_module="site1.settings",
            project_folder="",
            root=self.root,
            production=str(self.production),
            opened_by=SQLiteDatabase(self.production, self.root / "databases").opened_by,
            media=("shared/media",),
            env_file=self.top / "env",
        )

    def write(self, **faults: str) -> None:
        write_project(self.release, 1, **faults)
        (self.release / ".venv").symlink_to(sys.prefix)
        (self.release / "db.sqlite3").symlink_to(self.production)
        (self.release / "media").symlink_to(self.root / "shared" / "media")

    def visit(self) -> None:
        with self.trial.kept_apart():
            instance = self.trial.start(self.release, str(self.copy), self.media)
            # A refused visit is a 500: what the trial says of it is looked at.
            with suppress(HTTPError):
                urllib.request.urlopen(f"{instance.base_url}/health/", timeout=120).close()

    def ask(self, statement: str) -> subprocess.CompletedProcess[str]:
        """Run a statement in the release as its migration would be run."""
        env = self.trial.settings_env(self.release, str(self.copy), self.media)
        code = f"import django; django.setup()\nfrom django.conf import settings\n{statement}"
        return subprocess.run(
            [sys.executable, "-c", code], cwd=self.release, env=dict(env), capture_output=True,
            text=True, check=False, timeout=300,
        )  # fmt: skip

    def settings(self, expression: str) -> object:
        ran = self.ask(f"import json; print(json.dumps({expression}, default=str))")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    for folder in (made.root / "shared" / "media", made.copy.parent, made.media, made.release):
        folder.mkdir(parents=True)
    (made.root / ".parom").mkdir()
    for file in (made.production, made.copy):
        connection = sqlite3.connect(file)
        connection.execute("CREATE TABLE notes_note (id INTEGER PRIMARY KEY, text TEXT)")
        connection.close()
    yield made
    made.trial.stop()


def written(file: Path) -> int:
    connection = sqlite3.connect(file)
    (count,) = connection.execute("SELECT count(*) FROM notes_note").fetchone()
    connection.close()
    return int(count)


def test_a_rehearsal_writes_to_the_copy(stage: Stage) -> None:
    """The way it is meant to go."""
    stage.write(health=_WRITES)
    stage.visit()
    assert (written(stage.copy), written(stage.production)) == (1, 0)


@pytest.mark.parametrize(
    ("faults", "opens"),
    [
        ({}, False),
        ({"wsgi": _READS}, True),
        ({"wsgi": _READS + "connections.close_all()\n"}, True),
    ],
    ids=["nothing", "reads", "reads and closes"],
)
def test_a_release_that_opens_its_database_at_its_start_is_known(
    stage: Stage, faults: dict[str, str], opens: bool
) -> None:
    """It must not start during its migration: it would read what is half done."""
    stage.write(**faults)
    trial = stage.trial
    trial.start(stage.release, str(stage.copy), stage.media)
    assert (trial.openings() != 0) is opens


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ({"wsgi": _NAMES_ITS_SETTINGS}, r"trial\.other-settings"),
        ({"wsgi": _NAMES_ITS_SETTINGS, "health": _WRITES}, r"trial\.other-settings"),
        (
            {"health": "import sqlite3; sqlite3.connect('db.sqlite3')"},
            r"trial\.reached-production.*db\.sqlite3",
        ),
        (
            {"wsgi": "import sqlite3; sqlite3.connect('file:db.sqlite3?mode=rwc', uri=True)\n"},
            r"trial\.reached-production.*db\.sqlite3",
        ),
    ],
    ids=["names its settings", "and writes", "opens it by its path", "opens it by a URI"],
)
def test_a_release_that_goes_for_the_production_is_refused(
    stage: Stage, faults: dict[str, str], said: str
) -> None:
    """It is looked at from the first line that the interpreter runs, not after the fact."""
    stage.write(**faults)
    with pytest.raises(ParomError, match=said):
        stage.visit()
    assert written(stage.production) == 0


def test_the_migration_of_a_rehearsal_cannot_open_the_production(stage: Stage) -> None:
    """It runs in a process of its own, with the same settings."""
    stage.write()
    link = stage.top / "elsewhere.sqlite3"
    link.hardlink_to(stage.production)
    ran = stage.ask(f"import sqlite3; sqlite3.connect({str(link)!r})")
    assert "a rehearsal must not open" in ran.stderr
    with pytest.raises(ParomError, match=r"trial\.reached-production"), stage.trial.kept_apart():
        pass
    assert written(stage.production) == 0


def test_further_databases_are_only_read(stage: Stage) -> None:
    """Nobody has copied them: what a rehearsal wrote there would be real."""
    other = stage.root / "shared" / "other.sqlite3"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE kept (n)")
    connection.close()
    stage.write(
        settings=f"DATABASES['other'] = {{'ENGINE': 'django.db.backends.sqlite3', "
        f"'NAME': {str(other)!r}}}"
    )
    asks = "from django.db import connections; one = connections['other'].cursor(); one.execute("
    ran = stage.ask(asks + "'SELECT * FROM kept')")
    assert ran.returncode == 0, ran.stderr
    assert "readonly database" in stage.ask(asks + "'INSERT INTO kept VALUES (1)')").stderr


def test_nobody_outside_hears_of_a_rehearsal(stage: Stage) -> None:
    """Mail, caches, queued work and log files of the production."""
    stage.write(
        settings="EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'\n"
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache',"
        " 'LOCATION': 'redis://production'}}\n"
        "CELERY_BROKER_URL = BROKER_URL = 'redis://production'\n"
        "LOGGING = {'version': 1, 'handlers': {'file': {'class': 'logging.FileHandler',"
        " 'filename': BASE_DIR / 'media' / 'app.log'}}, 'root': {'handlers': ['file']}}"
    )
    told = stage.settings(
        "[settings.EMAIL_BACKEND, settings.CACHES, settings.CELERY_BROKER_URL,"
        " settings.BROKER_URL, __import__('os').environ['CELERY_BROKER_URL'], settings.LOGGING]"
    )
    assert "production" not in str(told)
    assert "smtp" not in str(told)
    assert not list((stage.root / "shared" / "media").iterdir())


def test_no_broker_stays_no_broker(stage: Stage) -> None:
    """An application that does its work at once where an empty setting says so asked a broker
    that it was never configured for."""
    stage.write(settings="CELERY_BROKER_URL = BROKER_URL = ''")
    told = stage.settings("[settings.CELERY_BROKER_URL, settings.BROKER_URL]")
    assert told == ["", ""]


def test_a_trial_that_nobody_wrote_down_is_ended(stage: Stage) -> None:
    """Parom was killed right after it had started it."""
    stage.write()
    pids = stage.trial.start(stage.release, str(stage.copy), stage.media).pids
    (stage.root / ".parom" / "trial" / "process.json").unlink()
    stage.trial.stop()
    assert all(map(is_gone, pids))


def test_a_stranger_at_the_port_is_not_taken_for_the_release(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the choice of a free port and the start somebody else may take it."""
    stage.write()
    monkeypatch.setattr("parom.adapters.services.trial._START_LIMIT_S", 0.5)
    handler = http.server.SimpleHTTPRequestHandler
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as stranger:
        threading.Thread(target=stranger.serve_forever, daemon=True).start()
        monkeypatch.setattr(
            "parom.adapters.services.trial._free_port", lambda: stranger.server_address[1]
        )
        try:
            with pytest.raises(ParomError, match="not-started"):
                stage.trial.start(stage.release, str(stage.copy), stage.media)
        finally:
            stranger.shutdown()


def test_the_end_of_a_log_tells_no_secret(stage: Stage) -> None:
    """It goes to the journal and the screen, and from there into tickets."""
    stage.write(wsgi="import os\nraise RuntimeError('token ' + os.environ['API_TOKEN'])\n")
    (stage.top / "env").write_text("API_TOKEN=topsecrettoken42\n")
    with pytest.raises(ParomError, match=r"(?s)did not start.*token \*\*\*") as refused:
        stage.visit()
    assert "topsecrettoken42" not in str(refused.value)


def test_media_are_where_the_backup_was_restored_to(stage: Stage) -> None:
    """A release that serves an upload must find it, and must not change the real one."""
    stage.write()
    assert stage.settings("settings.MEDIA_ROOT") == str(stage.media / "shared" / "media")
