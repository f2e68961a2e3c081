"""The URLs that a project's URLconf names, read without running it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parom.inspect.found import dotted, parsed
from parom.inspect.settings import module_file
from parom.words.said import said

_DEEPEST, _MOST = 5, 500
_HEALTH = re.compile(r"health|livez|readyz|heartbeat|\bping\b|\balive\b", re.IGNORECASE)
_SCHEMA_NAMES = ("schema", "openapi-schema", "openapi")
_SCHEMA_VIEW = re.compile(r"SpectacularAPIView|SpectacularJSONAPIView|get_schema_view|schema_view")


@dataclass(frozen=True)
class Route:
    """A path of the site, and what answers there."""

    path: str
    view: str
    """As it is written in the URLconf, or the route's name."""

    @property
    def is_plain(self) -> bool:
        """Whether it can be asked as it stands."""
        return not set("<>()*+?[]\\^$") & set(self.path)

    @property
    def looks_like_health(self) -> bool:
        return self.is_plain and bool(_HEALTH.search(f"{self.path} {self.view}"))

    @property
    def looks_like_schema(self) -> bool:
        named = self.view.lower() in _SCHEMA_NAMES or bool(_SCHEMA_VIEW.search(self.view))
        return self.is_plain and named


def read_routes(project: Path, module: str) -> tuple[Route, ...]:
    """The routes of `path(...)` calls, `include`d modules followed; the first 500."""
    found: list[Route] = []
    for route in _routes(project, module, "/", _DEEPEST):
        found.append(route)
        if len(found) == _MOST:
            break
    return tuple(found)


def _routes(project: Path, module: str, prefix: str, deeper: int) -> Iterator[Route]:
    file = module_file(project, module)
    tree = parsed(file) if file else None
    if tree is None or deeper == 0:
        return
    for call in _path_calls(tree):
        if not call.args or not isinstance(call.args[0], ast.Constant) or len(call.args) < 2:
            continue
        place = prefix + str(call.args[0].value)
        view = call.args[1]
        included = _included(view)
        if included:
            yield from _routes(project, included, place, deeper - 1)
        elif dotted(view).endswith("site.urls"):
            yield Route(place + "login/", said("Django's admin"))
        elif not _is_include(view):
            yield Route(place, ast.unparse(view))


def _path_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """The calls of `path` in the lists that make up `urlpatterns`, in their order."""
    for statement in tree.body:
        target = ""
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = dotted(statement.targets[0])
        elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
            target = dotted(statement.target)
        if target != "urlpatterns" or not isinstance(
            statement, ast.Assign | ast.AugAssign | ast.AnnAssign
        ):
            continue
        for node in ast.walk(statement.value) if statement.value else ():
            if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == "path":
                yield node


def _is_include(view: ast.expr) -> bool:
    return isinstance(view, ast.Call) and dotted(view.func).rpartition(".")[2] == "include"


def _included(view: ast.expr) -> str:
    """The module that `include("...")` names; empty for anything else."""
    if not (isinstance(view, ast.Call) and _is_include(view) and view.args):
        return ""
    first = view.args[0]
    if isinstance(first, ast.Tuple) and first.elts:
        first = first.elts[0]
    return str(first.value) if isinstance(first, ast.Constant) else ""
