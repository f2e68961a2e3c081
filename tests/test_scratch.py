"""Temporary folders of processes that were killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from parom.scratch import clear_abandoned_scratch, scratch_folder

_KILLED = (
    "import os, signal; from parom.scratch import scratch_folder; "
    "folder = scratch_folder('checks'); os.kill(os.getpid(), signal.SIGKILL)"
)


def test_what_a_killed_process_left_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be a pass to a closed application in it; what others use stays."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    subprocess.run(
        [sys.executable, "-c", _KILLED], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False
    )
    assert len(list(tmp_path.glob("parom-checks-*"))) == 1
    with scratch_folder("ask") as mine:
        clear_abandoned_scratch()
        assert [str(one) for one in tmp_path.iterdir()] == [mine]


def test_what_others_put_there_hinders_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The temporary folder is everybody's: one link in it kept every run from its end."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = tmp_path / "kept"
    kept.mkdir()
    (tmp_path / "parom-ask-4000001-link").symlink_to(kept)
    (tmp_path / "parom-ask-4000001-file").touch()
    (tmp_path / "parom-ask-99999999999999999999-x").mkdir()
    (tmp_path / "parom-checks-\u00b2-x").mkdir()
    clear_abandoned_scratch()
    assert kept.is_dir()
    assert len(list(tmp_path.iterdir())) == 5
