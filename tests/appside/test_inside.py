"""The script must run where nothing of Parom is installed, on interpreters as old as 3.8."""

from __future__ import annotations

import ast
import sys

from parom.appside.application import INSIDE

TREE = ast.parse(INSIDE.read_text(), feature_version=(3, 8))
"""Parsing it with the oldest grammar is the first half of the promise."""


def test_it_needs_the_standard_library_and_django_only() -> None:
    """An import of Parom would fail in every environment but ours."""
    modules = set()
    for node in ast.walk(TREE):
        if isinstance(node, ast.Import):
            modules |= {one.name.split(".")[0] for one in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules.add(str(node.module).split(".")[0])
    assert modules <= {*sys.stdlib_module_names, "django"}


def test_django_is_not_imported_before_a_failure_could_be_told() -> None:
    """An environment without Django must get an answer, not a bare traceback."""
    top: list[ast.stmt] = [
        node for node in TREE.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert "django" not in ast.dump(ast.Module(top, []))
