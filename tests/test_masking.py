"""Credentials of URLs and of command lines."""

from __future__ import annotations

import pytest

from parom.masking import shown_command, without_credentials


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:secret@host/x", "https://***@host/x"),
        (
            "failed: 'git+https://token@host/x' and ssh://u:p@h",
            "failed: 'git+https://***@host/x' and ssh://***@h",
        ),
        ("git@host:team/x.git", "git@host:team/x.git"),
        ("https://host/a@b", "https://host/a@b"),
    ],
)
def test_user_and_password_are_masked_and_nothing_else(text: str, shown: str) -> None:
    """An address without them must stay readable."""
    assert without_credentials(text) == shown


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/srv/.venv/bin/python worker.py", "/srv/.venv/bin/python worker.py"),
        ("python -m circus.circusd /srv/circus.ini", "python -m circus.circusd /srv/circus.ini"),
        ("python -u manage.py runserver", "python -u manage.py ..."),
        ("python -m gunicorn --bind 127.0.0.1:80", "python -m gunicorn --bind ..."),
        ("mysql -phunter2 notes", "mysql ..."),
        ("backup --password hunter2", "backup --password ..."),
        ("backup --password hun/ter2", "backup --password ..."),
        ("backup --password=hunter2 /srv", "backup ..."),
        ("env TOKEN=hunter2 ./run.sh", "env ..."),
        ("https://me:hunter2@host/ x", "https://***@host/ ..."),
        ("", ""),
    ],
)
def test_a_command_is_shown_as_far_as_it_holds_no_secret(command: str, shown: str) -> None:
    """Who holds the database must be named; what it was given is not for the journal."""
    assert shown_command(command.split()) == shown
