"""R-8.4: a person who reads Russian gets Russian, and a program gets what it always got."""

from __future__ import annotations

import re

import pytest

from tests.support.ferry import Ferry

_SENTENCE = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]+){3,}")
"""Four words with nothing between them are English: keys, paths and names are fewer."""
_RUSSIAN = re.compile("[А-Яа-яЁё]")
_TO_TYPE = re.compile("`[^`]*`")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("status", 0),
        ("check", 0),
        ("doctor", 0),
        ("history", 0),
        ("report", 0),
        ("checklist", 0),
        ("journal verify", 0),
        ("backup list", 0),
        ("services start", 0),
        ("rollback --to no-such-release", 10),
        ("rollback --only ../up", 2),
        ("deploy no-such-branch", 2),
        ("backup restore", 2),
        ("backup verify no-such-backup", 10),
        ("resume", 10),
        ("approve", 10),
        ("report no-such-run", 2),
        ("checklist vouch no-such-item", 2),
        ("--config /no/parom.toml status", 2),
    ],
)
def test_a_command_speaks_russian(
    command: str, code: int, installed: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen as a person sees it: what the screen shows, of the world and of mistakes."""
    monkeypatch.setenv("PAROM_LANGUAGE", "ru")
    ran = installed.parom(*command.split())
    shown = ran.stdout + ran.stderr
    assert ran.returncode == code, shown
    assert _RUSSIAN.search(shown)
    told = [_TO_TYPE.sub("", line) for line in shown.splitlines()]
    assert [line for line in told if _SENTENCE.search(line)] == []


@pytest.mark.parametrize("command", ["status", "history", "report", "resume", "journal verify"])
def test_a_program_reads_the_same_in_every_language(
    command: str, installed: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scripts compare what `--json` prints."""
    english = installed.parom(*command.split(), "--json")
    monkeypatch.setenv("PAROM_LANGUAGE", "ru")
    russian = installed.parom(*command.split(), "--json")
    assert (russian.stdout, russian.returncode) == (english.stdout, english.returncode)
    assert '"said"' not in english.stdout
