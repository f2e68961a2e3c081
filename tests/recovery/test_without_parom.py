"""R-2.5: a backup is opened with age, zstd and tar, by the commands of the how-to page."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from parom.adapters.vaults import identity
from parom.adapters.vaults.directory import DirectoryVault
from tests.adapters.vaults.conftest import a_manifest, accept

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "backups.md"
MISSING = [name for name in ("age", "zstd", "tar") if shutil.which(name) is None]


@pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}")
def test_the_page_s_commands_open_a_backup(tmp_path: Path) -> None:
    """The day on which it matters may be one without Parom, and without whoever wrote it."""
    block = re.search(r"```sh\n# open-without-parom\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert block is not None
    public = identity.create(tmp_path / "key.txt")
    database = tmp_path / "database.sqlite3"
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("CREATE TABLE note (text)")
        connection.execute("INSERT INTO note VALUES ('написано')")
    connection.close()
    tree = tmp_path / "tree"
    (tree / "deep").mkdir(parents=True)
    (tree / "deep" / "a name\nwith a line break").write_text("x")
    (tree / "run.sh").write_text("#!/bin/sh\n")
    (tree / "run.sh").chmod(0o755)
    vault = DirectoryVault(tmp_path / "vault", (public,))
    parts = {"database": [("database.sqlite3", database)], "code": [("tree", tree)], "media": []}
    vault.create(a_manifest("20261124"), parts, accept, tmp_path / "scratch")

    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block[1]],
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "BACKUP": str(tmp_path / "vault" / "20261124"),
            "KEY": str(tmp_path / "key.txt"),
        },
        check=True,
    )
    opened = tmp_path / "opened"
    with sqlite3.connect(opened / "database" / "database.sqlite3") as connection:
        assert connection.execute("SELECT text FROM note").fetchall() == [("написано",)]
    connection.close()
    assert (opened / "code" / "tree" / "deep" / "a name\nwith a line break").read_text() == "x"
    assert os.access(opened / "code" / "tree" / "run.sh", os.X_OK)
    assert list((opened / "media").iterdir()) == []
