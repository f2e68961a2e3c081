"""Wrong input of every kind: id, fact and cure, an exit code, no traceback, nothing changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parom.facts import BackupManifest
from tests.cli.standing import Standing
from tests.cli.wrong import Change, Wrong, judge, run
from tests.support.ferry import Ferry, write_project


def written(text: str | bytes) -> Change:
    def change(_ferry: Ferry, config: Path) -> None:
        config.write_bytes(text if isinstance(text, bytes) else text.encode())

    return change


def replaced(before: str, after: str) -> Change:
    """The installation's own configuration with one thing changed."""

    def change(ferry: Ferry, config: Path) -> None:
        text = ferry.config.read_text("utf-8").replace("{port}", str(ferry.port))
        wanted = before.replace("{port}", str(ferry.port))
        assert wanted in text
        config.write_text(text.replace(wanted, after), "utf-8")

    return change


def as_folder(_ferry: Ferry, config: Path) -> None:
    config.unlink()
    config.mkdir()


def absent(_ferry: Ferry, config: Path) -> None:
    config.unlink()


def as_pipe(_ferry: Ferry, config: Path) -> None:
    config.unlink()
    os.mkfifo(config)


def git_source(ferry: Ferry, config: Path) -> None:
    """A repository instead of the folder."""
    repository = ferry.top / "repository"
    if not repository.exists():
        write_project(repository, 1)
        git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
        for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "one")):
            subprocess.run([*git, *command], cwd=repository, check=True)
    replaced('type = "directory"\nlocation = "source"', 'type = "git"\nlocation = "repository"')(
        ferry, config
    )


def elsewhere(prepare: Callable[[Path], object]) -> Change:
    """Another folder as the root, with something wrong in it."""

    def change(ferry: Ferry, config: Path) -> None:
        root = ferry.top / "prepared"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        prepare(root)
        replaced('root = "installation"', 'root = "prepared"')(ferry, config)

    return change


def newer_journal(root: Path) -> None:
    (root / ".parom").mkdir()
    connection = sqlite3.connect(root / ".parom" / "journal.sqlite3")
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def broken_journal(root: Path) -> None:
    (root / ".parom").mkdir()
    (root / ".parom" / "journal.sqlite3").write_bytes(b"no database at all" * 100)


def lost_disk(ferry: Ferry, config: Path) -> None:
    """The folder is a mount point without its disk; the vault, elsewhere, knows better."""
    from parom.adapters.vaults import manifest

    elsewhere(lambda _root: None)(ferry, config)
    text = config.read_text("utf-8").replace('path = "vault"', 'path = "other-vault"')
    config.write_text(text, "utf-8")
    kept = ferry.top / "other-vault" / "b1"
    kept.mkdir(parents=True, exist_ok=True)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    manifest.write(kept, BackupManifest("b1", now, "production", "r1", (), (), (), (), True, ""))


CONFIGURATION = {
    "journal of a newer Parom": Wrong(
        ("deploy",), "journal.newer", 10, "schema 99", elsewhere(newer_journal)
    ),
    "status of a newer Parom": Wrong(
        ("status",), "journal.newer", 10, "schema 99", elsewhere(newer_journal)
    ),
    "journal that is none": Wrong(
        ("rollback",), "journal.unreadable", 10, "not a journal", elsewhere(broken_journal)
    ),
    "folder of Parom is a file": Wrong(
        ("deploy",), "journal.unwritable", 10, "prepared/.parom",
        elsewhere(lambda root: (root / ".parom").write_text("")),
    ),
    "lost disk": Wrong(("deploy",), "installation.vanished", 10, "1 backup(s)", lost_disk),
    "no file": Wrong(("check",), "config.missing", 2, "no configuration file", absent),
    "a folder": Wrong(("deploy",), "config.unreadable", 2, "it is a folder", as_folder),
    "a pipe": Wrong(("status",), "config.unreadable", 2, "not a regular file", as_pipe),
    "empty": Wrong(("deploy",), "config.invalid", 2, "project: is required", written("")),
    "not UTF-8": Wrong(
        ("deploy",), "config.unreadable", 2, "byte 3 is not UTF-8", written(b"a=\xff")
    ),
    "no TOML": Wrong(("check",), "config.syntax", 2, "line 2", written("a = 1\nb = \n")),
    "status of no TOML": Wrong(("status",), "config.syntax", 2, "line 1", written("a b")),
    "status of another": Wrong(("status",), "config.invalid", 2, "is required", written("a = 1")),
    "huge": Wrong(
        ("deploy",), "config.unreadable", 2, "larger than 1 MiB", written("#" * (2 << 20))
    ),
    "unknown key": Wrong(
        ("deploy",), "config.invalid", 2, 'watch.secods: unknown key (did you mean "seconds"?)',
        replaced("[watch]", "[watch]\nsecods = 3"),
    ),
    "wrong type": Wrong(
        ("plan",), "config.invalid", 2, 'watch.grace_s: must be a number, not the text "0"',
        replaced("grace_s = 0", 'grace_s = "0"'),
    ),
    "path out": Wrong(
        ("deploy",), "config.invalid", 2, "database.path: must be a path without ..",
        replaced("shared/db.sqlite3", "../db.sqlite3"),
    ),
    "key missing": Wrong(
        ("deploy",), "config.invalid", 2, "vault.recipients: is required",
        replaced("recipients =", "#recipients ="),
    ),
    "key wrong": Wrong(
        ("deploy",), "config.invalid", 2, "must be an age public key",
        replaced('recipients = ["age1', 'recipients = ["age2'),
    ),
    "environment": Wrong(
        ("deploy",), "config.other-environment", 2, 'is "stagin", but',
        replaced("[project]", '[project]\nenvironment = "stagin"'),
    ),
    "environment asked": Wrong(
        ("status",), "config.other-environment", 2, "the installation of production",
        replaced("[project]", '[project]\nenvironment = "stagin"'),
    ),
    "missing disk": Wrong(
        ("deploy",), "root.no-parent", 10, "/mnt/no-such-disk, in which",
        replaced('root = "installation"', 'root = "/mnt/no-such-disk/notes"'),
    ),
    "no right to write": Wrong(
        ("deploy",), "journal.unwritable", 10, "/proc/notes",
        replaced('root = "installation"', 'root = "/proc/notes"'),
    ),
    "nothing there": Wrong(
        ("rollback",), "installation.absent", 10, "no installation at",
        replaced('root = "installation"', 'root = "elsewhere"'),
    ),
}  # fmt: skip

ARGUMENTS = {
    "unknown command": Wrong(("delpoy",), "usage", 2, "No such command"),
    "unknown option": Wrong(("deploy", "--fast"), "usage", 2, "No such option"),
    "too much": Wrong(("deploy", "main", "now"), "usage", 2, "more arguments than it takes: now"),
    "no number": Wrong(("history", "--last", "x"), "usage", 2, "must be a whole number from 1"),
    "negative": Wrong(("history", "--last", "-3"), "usage", 2, "must be a whole number from 1"),
    "unknown run": Wrong(("report", "nonsense"), "run.unknown", 2, 'no run "nonsense"'),
    "ref of a folder": Wrong(("deploy", "v2"), "source.no-refs", 2, "one state"),
    "unknown ref": Wrong(
        ("deploy", "mian"), "source.unknown-ref", 10, "Did you mean main?", git_source
    ),
    "ref like an option": Wrong(
        ("deploy", "--", "--upload-pack=x"), "source.unknown-ref", 10, "", git_source
    ),
    "ref like an expression": Wrong(
        ("plan", "main@{1}"), "source.unknown-ref", 10, "", git_source
    ),
    "very long ref": Wrong(("deploy", "x" * 5000), "source.unknown-ref", 10, "", git_source),
    "unknown repository": Wrong(
        ("deploy",), "source.unreachable", 10, "nowhere",
        replaced('type = "directory"\nlocation = "source"', 'type = "git"\nlocation = "nowhere"'),
    ),
    "no folder": Wrong(
        ("deploy",), "source.no-folder", 10, "nowhere",
        replaced('location = "source"', 'location = "nowhere"'),
    ),
    "nothing to resume": Wrong(("resume",), "run.nothing-to-resume", 10, "interrupted or held"),
    "nothing to abort": Wrong(("abort",), "run.nothing-to-abort", 10, "No run is at work"),
    "nothing to go back to": Wrong(("rollback",), "run.nothing-to-roll-back", 10, "first release"),
    "release id": Wrong(("rollback", "--to", "../../etc"), "run.nothing-to-roll-back", 10),
    "path out of a release": Wrong(
        ("rollback", "--only", "../../etc/passwd"), "release.bad-path", 2, "not a path inside"
    ),
    "absolute path": Wrong(
        ("rollback", "--only", "/etc/passwd"), "release.bad-path", 2, "not a path inside"
    ),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def nothing_is_changed(installed: Ferry) -> Iterator[None]:
    """The whole tree, the vault, the processes and the gateway, compared over all cases."""
    before = Standing.of(installed)
    yield
    assert Standing.of(installed).differs_from(before) == []
    assert not (installed.top / "elsewhere").exists()


@pytest.mark.parametrize("name", [*CONFIGURATION, *ARGUMENTS])
def test_wrong_input_is_refused_before_anything_is_done(
    installed: Ferry, own_config: Path, name: str
) -> None:
    """A person reads what, where and what to do; production notices nothing."""
    wrong = {**CONFIGURATION, **ARGUMENTS}[name]
    wrong.change(installed, own_config)
    code, out, err = run(installed, own_config, wrong.arguments)
    judge(wrong, code, err)
    assert out == ""
    # The cure is a sentence of its own below the fact.
    assert re.search(r"(?m)^✗ \S.*", err)
    assert re.search(r"(?m)^  [A-Z`].*[.`)]$", err)


@pytest.mark.parametrize("name", ["unknown key", "unknown command", "nothing to resume"])
def test_errors_are_data_where_json_is_asked_for(
    installed: Ferry, own_config: Path, name: str
) -> None:
    """A script acts on the id, never on the words."""
    wrong = {**CONFIGURATION, **ARGUMENTS}[name]
    wrong.change(installed, own_config)
    code, out, err = run(installed, own_config, (*wrong.arguments, "--json"))
    error = json.loads(out)["error"]
    assert (error["id"], error["exit_code"], code) == (wrong.id, wrong.code, wrong.code)
    assert error["fact"]
    assert error["cure"]
    assert err == ""
