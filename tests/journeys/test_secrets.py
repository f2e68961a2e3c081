"""R-10.3: whatever an application does with its secrets, Parom repeats none of them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from parom.adapters.services.processes import with_open
from tests.journeys.conftest import Start
from tests.journeys.test_notices import journal
from tests.support.ferry import Ferry, write_project
from tests.support.living import contents_below

CANARIES = ("canaryEnviron", "canaryHeader", "canaryMail")
"""No digits in them: what masks numbers must not hide that nothing else was masked."""
ENVIRONMENT, HEADER, MAIL = (f"{one}/+='x" for one in CANARIES)
"""As an application quotes them in a URL or a literal, they are written otherwise."""
_SETTINGS = f"""
import os
LOGGING = {{"version": 1, "disable_existing_loggers": False,
    "formatters": {{"plain": {{"format": "%(levelname)s [%(process)d] %(message)s"}}}},
    "handlers": {{"file": {{"class": "logging.FileHandler", "formatter": "plain",
                            "filename": BASE_DIR / "media" / "app.log"}}}},
    "root": {{"handlers": ["file"], "level": "INFO"}}}}
assert os.environ["API_TOKEN"] == {ENVIRONMENT!r}
"""
_LOUD_CHECK = """
def test_notes_answer(api):
    answer = api.get('/notes/')
    assert answer.request.headers['Authorization'] == 'nothing of the kind'
"""
_LOUD_VIEW = """import logging, os, urllib.parse
    sent = request.headers.get('Authorization', '')
    for secret in (os.environ['API_TOKEN'], sent, sent.partition(' ')[2]):
        query = 'GET /x?token=' + urllib.parse.quote(secret, safe='') + '&page=two'
        for loud in (secret, query, repr(secret)):
            try:
                raise LookupError('no such ' + loud)
            except LookupError:
                logging.exception('with %s', loud)
            logging.critical('cannot go on with %s', loud)"""


def with_secrets(ferry: Ferry) -> None:
    """In the environment of the application, in the headers of checks, in an address of mail."""
    for name, text in (
        ("env", f'API_TOKEN="{ENVIRONMENT}"\n'),
        ("headers", f"Authorization: Token {HEADER}\n"),
        ("urls", f"mailto://team:{quote(MAIL, safe='')}@127.0.0.1:1?to=team@example.org\n"),
    ):
        file = ferry.top / name
        file.write_text(text, "utf-8")
        file.chmod(0o600)
    text = ferry.config.read_text("utf-8")
    for table, line in (
        ("release", f'environment_file = "{ferry.top / "env"}"'),
        ("checks", f'headers_file = "{ferry.top / "headers"}"'),
        ("watch", 'logs = ["shared/media/app.log"]'),
    ):
        text = text.replace(f"[{table}]\n", f"[{table}]\n{line}\n")
    ferry.config.write_text(f'{text}\n[notices]\nurls_file = "{ferry.top / "urls"}"\n', "utf-8")


@contextmanager
def argument_lists() -> Iterator[set[str]]:
    """Of every process of this machine that ran meanwhile and was seen, those with a canary."""
    found: set[str] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for pid in psutil.pids():
                try:
                    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "replace")
                except OSError:
                    continue
                if any(one in words for one in CANARIES) and pid != os.getpid():
                    found.add(words)
            over.wait(0.02)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def kept_by_parom(ferry: Ferry) -> dict[str, list[str]]:
    """Files of Parom that hold a canary. What the application itself logs is not Parom's: in a
    rehearsal it logs into a folder of the trial, for its owner alone, until the next one."""
    found = {}
    for file, content in contents_below(ferry.root / ".parom"):
        if "trial/notes" not in file.as_posix():
            held = [one for one in CANARIES if one.encode() in content]
            if held:
                found[str(file.relative_to(ferry.root))] = held
    return found


def test_no_secret_is_repeated_anywhere(start: Start) -> None:
    """Neither in the journal, logs, reports and notices, nor on the screen, nor in the list of
    processes; and not where the application itself shouts it into its log, or a check into its
    failure."""
    ferry = start()
    with_secrets(ferry)
    said: list[str] = []

    def run(*command: str) -> int:
        ran = ferry.parom(*command)
        said.append(ran.stdout + ran.stderr)
        return ran.returncode

    with argument_lists() as seen:
        write_project(ferry.source, 2, settings=_SETTINGS)
        (ferry.source / "checks" / "test_notes.py").write_text(_LOUD_CHECK, "utf-8")
        assert run("deploy") == 20, said[-1]
        assert "Authorization" in said[-1] or "nothing of the kind" in said[-1]
        write_project(ferry.source, 2, settings=_SETTINGS, notes=_LOUD_VIEW)
        run("deploy", "--json")
        write_project(
            ferry.source, 2, settings=_SETTINGS, health=f"raise KeyError({ENVIRONMENT!r})"
        )
        with ferry.impatient():
            assert run("deploy") in (10, 20), said[-1]
        for command in (
            ("doctor",),
            ("status", "--json"),
            ("history", "--json"),
            ("report",),
            ("report", "--json"),
            ("notices", "list"),
            ("notices", "send"),
        ):
            run(*command)
    assert [text for text in said if any(one in text for one in CANARIES)] == []
    assert kept_by_parom(ferry) == {}
    assert seen == set()
    log = (ferry.root / "shared" / "media" / "app.log").read_text("utf-8")
    shouted = (f"such {ENVIRONMENT}", f"such {HEADER}", f"={quote(HEADER, safe='')}", repr(HEADER))
    assert [one for one in shouted if one not in log] == []  # the application did shout
    read = str(journal(ferry, "SELECT data FROM journal_sample WHERE kind = 'log'"))
    for kept in ("no such ***", "token=***&page=two", "cannot go on with ***"):
        assert kept in read  # and was heard


@pytest.mark.long
def test_nothing_goes_on_when_everything_is_ended(start: Start) -> None:
    """A courier whose mail server is dead tries for a quarter of an hour; whoever takes an
    installation down leaves none behind."""
    ferry = start()
    with_secrets(ferry)
    write_project(ferry.source, 2, settings=_SETTINGS)
    assert ferry.parom("deploy").returncode in (0, 30)
    lock = (ferry.root / ".parom" / "courier.lock").resolve()
    assert with_open(lock)
    ferry.shut_down()
    assert not with_open(lock)
