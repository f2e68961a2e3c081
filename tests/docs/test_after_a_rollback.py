"""The operator's page is run as it stands: at three in the morning nobody corrects a manual."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.test_tutorial import REPOSITORY, blocks_of, missing
from tests.support.ferry import Ferry, make_ferry, write_project

PAGE = REPOSITORY / "docs" / "how-to" / "after-a-rollback.md"
_CHANGES_ONE = """if request.method == "PUT":
        asked = json.loads(request.body)
        Note.objects.filter(pk=asked["id"]).update({column}=asked["text"])
        return JsonResponse(asked)"""


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    """Release 1 runs with twenty notes, and release 2 lies ready."""
    made = make_ferry(tmp_path, worker="")
    try:
        write_project(made.source, 1, notes=_CHANGES_ONE.format(column="text"))
        assert made.parom("deploy").returncode == 0
        made.add_notes(20)
        write_project(made.source, 2, notes=_CHANGES_ONE.format(column="body"))
        migration = made.source / "notes/migrations/0002_length.py"
        text = migration.read_text()
        migration.write_text(text.replace("fill, migrations.RunPython.noop", "fill"))
        yield made
    finally:
        made.shut_down()


def test_the_example_works_when_pasted(ferry: Ferry) -> None:
    """With the output that the page shows."""
    blocks = blocks_of(PAGE.read_text("utf-8"))
    assert len(blocks) > 5
    script = "".join(f"printf '\\n@@{n}@@\\n'\n{one.commands}" for n, one in enumerate(blocks))
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ferry.top,
        env={
            **os.environ,
            "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}",
            "PAROM_CONFIG": str(ferry.config),
            "PORT": str(ferry.port),
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
