"""Credentials of URLs."""

from __future__ import annotations

import pytest

from parom.masking import without_credentials


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
