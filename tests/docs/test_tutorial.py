"""The tutorial is run as it stands: a page that does not work when pasted is worse than none."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.ports import free_port
from tests.support.wheelhouse import make_wheelhouse, requirements_of

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "tutorial" / "first-deployment.md"
_FENCE = re.compile(r"^```(?P<kind>bash|text)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_ANYTHING = "…"


@dataclass
class Block:
    """Commands, and the lines that the page says they print."""

    commands: str
    claimed: list[str] = field(default_factory=list)


def blocks_of(page: str) -> list[Block]:
    found: list[Block] = []
    for fence in _FENCE.finditer(page):
        if fence["kind"] == "bash":
            found.append(Block(fence["body"]))
        else:
            found[-1].claimed += [line for line in fence["body"].splitlines() if line.strip()]
    return found


def missing(claimed: list[str], printed: list[str]) -> str:
    """The first claimed line that does not follow the ones before it; empty if all do."""
    lines = iter(printed)
    for claim in claimed:
        pattern = ".*".join(map(re.escape, claim.split(_ANYTHING)))
        if not any(re.fullmatch(pattern, line.rstrip()) for line in lines):
            return claim
    return ""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where the tutorial works; what it starts is ended, however far it came."""
    yield tmp_path
    config = tmp_path / "ferry" / "notes" / "parom.toml"
    if config.exists():
        from parom.config.reading import read
        from parom.day.watcher import end_watcher
        from parom.wiring import end_everything

        end_watcher(read(config).state)
        end_everything(read(config))


def test_the_tutorial_works_when_pasted(folder: Path) -> None:
    """From nothing to a deployment and a rollback, with the output that the page shows.

    Packages come from a folder of wheels instead of the index, by the installers' own
    settings; the home folder and the port are the test's.
    """
    wheels = make_wheelhouse(folder / "wheels", [*requirements_of(REPOSITORY), "gunicorn"])
    blocks = blocks_of(PAGE.read_text("utf-8"))
    script = "".join(f"printf '\\n@@{n}@@\\n'\n{one.commands}" for n, one in enumerate(blocks))
    (folder / "home").mkdir()
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={
            "PATH": f"{sys.base_prefix}/bin:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder / "home"),
            "LANG": "C.UTF-8",
            "PAROM": str(REPOSITORY),
            "PORT": str(free_port()),
            "PIP_NO_INDEX": "1",
            "PIP_NO_COMPILE": "1",
            "PIP_FIND_LINKS": str(wheels),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "UV_OFFLINE": "1",
            "UV_FIND_LINKS": str(wheels),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    printed = re.split(r"^@@\d+@@$", ran.stdout, flags=re.MULTILINE)[1:]
    for block, output in zip(blocks, printed, strict=True):
        claim = missing(block.claimed, output.splitlines())
        assert not claim, f"not printed: {claim!r}\nafter:\n{block.commands}\nprinted:\n{output}"


def test_a_claim_that_does_not_hold_is_found() -> None:
    """The test of the page must be able to fail."""
    assert missing(["a … c", "d"], ["x", "a b c", "d"]) == ""
    assert missing(["d", "a … c"], ["a b c", "d"]) == "a … c"
    assert missing(["nowhere"], []) == "nowhere"
