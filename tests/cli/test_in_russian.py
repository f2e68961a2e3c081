"""R-8.4: a person who reads Russian gets Russian, and a program gets what it always got."""

from __future__ import annotations

import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from parom.cli.main import parom
from parom.message import Topic
from tests.support.ferry import Ferry, write_project
from tests.words.foreign import left_in_english, speaks_russian
from tests.words.spoken import commands


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
        ("notices list", 0),
        ("quarantine list", 0),
        ("quarantine show no-such-run", 2),
        ("quarantine apply no-such-run", 2),
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
        ("deploy --fast", 2),
        ("deploy one two", 2),
        ("deploy --at noon", 2),
        ("history --last 0", 2),
        ("history --last", 2),
        ("report --html /", 2),
        ("no-such-command", 2),
        ("checklist vouch", 2),
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
    assert speaks_russian(shown)
    assert left_in_english(shown) == []


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


@pytest.mark.parametrize("path", [one.command_path for one in commands()])
def test_every_help_page_is_russian(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Help is asked for by whoever is not at home here."""
    monkeypatch.setenv("PAROM_LANGUAGE", "ru")
    shown = CliRunner().invoke(parom, [*path.split()[1:], "--help"], prog_name="parom")
    assert shown.exit_code == 0
    assert speaks_russian(shown.output)
    assert left_in_english(shown.output.replace(path, "parom")) == []
    assert not any(word in shown.output for word in ("Usage", "Options", "Commands", "default"))


def test_help_is_english_where_nobody_asked_for_another_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The translation is made when the page is, and leaves nothing behind."""
    monkeypatch.setenv("PAROM_LANGUAGE", "en")
    shown = click.unstyle(CliRunner().invoke(parom, ["deploy", "--help"]).output)
    assert "Take REF" in shown
    assert not speaks_russian(shown)


def test_init_writes_the_file_in_the_language_it_is_run_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is theirs to keep, and from then on every screen follows it."""
    monkeypatch.delenv("PAROM_CONFIG", raising=False)
    monkeypatch.setenv("PAROM_LANGUAGE", "ru")
    write_project(tmp_path / "notes", 1)
    key = tmp_path / "key.txt"
    arguments = ["init", str(tmp_path / "notes"), "--only-read", "--new-key", str(key)]
    shown = CliRunner().invoke(parom, arguments).output
    assert speaks_russian(shown)
    assert left_in_english(shown) == []
    text = (tmp_path / "notes" / "parom.toml").read_text("utf-8")
    comments = [one for one in text.splitlines() if one.startswith("# ")]
    whole = "".join(one.removeprefix("#") for one in comments)
    assert left_in_english(whole.replace(", ".join(Topic), "")) == []
    assert tomllib.loads(text)["project"]["language"] == "ru"
