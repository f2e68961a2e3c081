"""What the files of functional checks import from outside of their folder, imported ahead.

Data frames, the driver of a browser: that takes longer than most checks. Of the files themselves no
line runs ahead. What they read, ask or keep at import (an address, a link, the time) would be of
before the stop.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_MOST_FILES = 1000
_REWRITES = b"register_assert_rewrite"
"""pytest rewrites the assertions of a module that was named so, unless it is imported already."""


def outside_imports(checks: Path) -> tuple[str, ...]:
    """The modules that the files below a folder (or a file) import at their top, in order.

    Left out is what one that lies in the folder or beside it could stand for: pytest puts either
    before all others. A file that cannot be read or parsed has none: pytest tells of it.
    """
    files = [checks] if checks.is_file() else sorted(checks.rglob("*.py"))[:_MOST_FILES]
    own = {file.stem for file in files} | {file.parent.name for file in files}
    for above in checks.parents[:2]:
        own |= {above.name} | {one.stem for one in above.glob("*")}
    found: dict[str, None] = {}
    for file in files:
        try:
            text = file.read_bytes()
            tree = ast.parse(text)
        except (OSError, SyntaxError, ValueError):
            continue
        if _REWRITES in text:
            return ()
        found |= {one: None for one in _imported(tree) if one.partition(".")[0] not in own}
    return tuple(found)


def import_ahead(modules: Iterable[str]) -> None:
    """Import them. One that fails does so again when a check imports it, and is told then."""
    for name in modules:
        try:
            importlib.import_module(name)
        except (Exception, SystemExit):  # noqa: BLE001, S112 - whatever it is: see above
            continue


def _imported(tree: ast.Module) -> Iterator[str]:
    """Not those below an `if` or a `try`: they have a reason to be there."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
