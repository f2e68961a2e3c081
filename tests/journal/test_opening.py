"""Who may open the journal of an installation."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from parom.errors import ParomError
from parom.journal.opening import open_journal


@pytest.mark.parametrize("first", [True, False], ids=["before the first run", "later"])
def test_another_user_than_the_owner_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, first: bool
) -> None:
    """`sudo parom deploy` would start the application as root, for good."""
    state = tmp_path / ".parom"
    if not first:
        state.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(ParomError, match=r"other-owner.*sudo -u") as refused:
        open_journal(state)
    assert refused.value.exit_code == 10
    assert state.exists() is not first
