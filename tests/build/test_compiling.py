"""A release's own code is compiled before anything of it is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.build.compiling import compile_tree


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """With an interpreter and with what must not keep it from being compiled."""
    release = tmp_path / "releases" / "one"
    (release / ".venv" / "bin").mkdir(parents=True)
    (release / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (release / ".venv" / "installed.py").write_text("")
    (release / "shop").mkdir()
    (release / "shop" / "models.py").write_text("VALUE = 1\n")
    (release / "broken.py").write_text("def (\n")
    (release / "compileall.py").write_text("raise RuntimeError\n")
    return release


def compiled(release: Path) -> set[str]:
    return {file.name.partition(".")[0] for file in release.rglob("*.pyc")}


def test_a_tree_is_compiled_and_what_is_broken_in_it_is_left(release: Path) -> None:
    """Templates and leftovers of an old Python lie in many trees, and nobody imports them."""
    compile_tree(release, LocalHost())
    assert compiled(release) == {"models", "compileall"}


def test_what_was_compiled_is_believed_for_the_same_source_only(release: Path) -> None:
    """Another source of the same size and time, as two checkouts of a second may be."""
    source = release / "shop" / "models.py"
    compile_tree(release, LocalHost())
    before = source.stat()
    source.write_text("VALUE = 2\n")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    asked = [sys.executable, "-B", "-c", "from shop.models import VALUE; print(VALUE)"]
    ran = subprocess.run(asked, cwd=release, check=True, capture_output=True, text=True)
    assert ran.stdout == "2\n"


def test_compiling_may_be_repeated(release: Path) -> None:
    """Every step may run twice."""
    compile_tree(release, LocalHost())
    compile_tree(release, LocalHost())
    assert compiled(release) == {"models", "compileall"}
