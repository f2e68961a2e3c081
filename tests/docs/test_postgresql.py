"""The page on PostgreSQL is run as it stands: init, the grant, a deployment, a lost machine."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.adapters.databases.postgresql.server import Server, running
from tests.docs.test_tutorial import REPOSITORY, blocks_of, missing
from tests.support.ferry import write_project
from tests.support.ports import free_port

PAGE = REPOSITORY / "docs" / "how-to" / "postgresql.md"
_PASSWORD = "ferry-7431"
_SETTINGS = """
import os
from urllib.parse import urlsplit
_url = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": _url.path[1:],
    "USER": _url.username, "PASSWORD": _url.password, "HOST": _url.hostname, "PORT": _url.port}}
"""
_PAROM = """#!/bin/sh
# What `init` does not know here: this machine's packages, a free port, and no hour to wait.
if [ "$1" = init ]; then
    set -- "$@" --set "release.dependencies={prefix}" --set "services.bind=127.0.0.1:{port}" \\
        --set watch.short=true --set watch.baseline_s=0.5 --set watch.seconds=1 \\
        --set watch.grace_s=0 --set watch.probe_every_s=0.1 --set watch.day_s=0
fi
exec {python} -m parom.cli.main "$@"
"""
_PSQL = """#!/bin/sh
PGPASSWORD='{password}' exec {programs}/psql -h 127.0.0.1 -p {port} -U postgres "$@"
"""


@dataclass
class Place:
    folder: Path
    server: Server

    def script(self, name: str, text: str) -> None:
        file = self.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
        file.chmod(0o700)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A project beside a server of its own; what the page starts is ended."""
    with running() as server:
        made = Place(tmp_path, server)
        write_project(tmp_path / "notes", 1, settings=_SETTINGS)
        for script in (tmp_path / "notes").glob("*.sh"):
            script.unlink()
        made.script("psql", _PSQL.format(password=server.password, programs=server.programs,
                                         port=server.port))  # fmt: skip
        made.script("parom", _PAROM.format(prefix=sys.prefix, python=sys.executable,
                                           port=free_port()))  # fmt: skip
        try:
            yield made
        finally:
            for folder in ("notes", "notes-again"):
                _end(tmp_path / folder / "parom.toml")


def _end(config: Path) -> None:
    if config.exists():
        from parom.config.reading import read
        from parom.day.watcher import end_watcher
        from parom.wiring import end_everything

        end_watcher(read(config).state)
        end_everything(read(config))


def test_the_example_works_when_pasted(place: Place) -> None:
    """With the output that the page shows; the password is on no screen and in no file but one."""
    blocks = blocks_of(PAGE.read_text("utf-8"))
    assert len(blocks) > 5
    script = "".join(f"printf '\\n@@{n}@@\\n'\n{one.commands}" for n, one in enumerate(blocks))
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=place.folder,
        env={
            **os.environ,
            "PATH": f"{place.folder / 'bin'}:{place.server.programs}:{os.environ['PATH']}",
            "SERVER": f"127.0.0.1:{place.server.port}",
            "PYTHONWARNINGS": "",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    printed = re.split(r"^@@\d+@@$", ran.stdout, flags=re.MULTILINE)[1:]
    for block, output in zip(blocks, printed, strict=True):
        claim = missing(block.claimed, output.splitlines())
        assert not claim, f"not printed: {claim!r}\nafter:\n{block.commands}\nprinted:\n{output}"
    assert _PASSWORD in (place.folder / "notes" / ".env").read_text("utf-8")
    assert _PASSWORD not in ran.stdout
    kept = [
        place.folder / "notes" / "parom.toml",
        *_files(place.folder / "lost" / ".parom"),
        *_files(place.folder / "notes-again" / ".parom"),
    ]
    assert len(kept) > 5
    assert [one for one in kept if _PASSWORD.encode() in _bytes(one)] == []


def _files(folder: Path) -> Iterator[Path]:
    for top, _, names in os.walk(folder):
        yield from (Path(top, name) for name in names)


def _bytes(file: Path) -> bytes:
    """Sockets, and what processes remove that still run, hold nothing."""
    with suppress(OSError):
        return file.read_bytes()
    return b""
