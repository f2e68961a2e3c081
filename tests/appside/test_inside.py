"""The scripts must run where nothing of Parom is installed, on interpreters as old as 3.8."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from parom.appside.application import INSIDE

SCRIPTS = sorted(one for one in INSIDE.parent.glob("*.py") if "Python 3.8+" in one.read_text())


def tree_of(script: Path) -> ast.Module:
    """Parsing it with the oldest grammar is the first half of the promise."""
    return ast.parse(script.read_text(), feature_version=(3, 8))


def test_they_are_known_by_what_they_say_of_themselves() -> None:
    """One that forgot to say so would escape the promise."""
    assert {"inside", "migrating", "pending", "tables"} < {one.stem for one in SCRIPTS}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.stem)
def test_it_needs_the_standard_library_and_django_only(script: Path) -> None:
    """An import of Parom would fail in every environment but ours."""
    beside = {f"parom_{one.stem}" for one in SCRIPTS}
    modules = set()
    for node in ast.walk(tree_of(script)):
        if isinstance(node, ast.Import):
            modules |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(str(node.module).split(".")[0])
    assert modules <= {*sys.stdlib_module_names, "django", *beside}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda one: one.stem)
def test_django_is_not_imported_before_a_failure_could_be_told(script: Path) -> None:
    """An environment without Django must get an answer, not a bare traceback."""
    top: list[ast.stmt] = [
        node for node in tree_of(script).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert "django" not in ast.dump(ast.Module(top, []))
