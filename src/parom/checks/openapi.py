"""Reads an OpenAPI document (3.x) for the GET operations that can be asked as they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_ANY = "default"


@dataclass(frozen=True)
class Operation:
    """A GET operation that needs no parameter. `documented` are codes, `4XX` and `default`."""

    path: str
    documented: frozenset[str]

    def names(self, status: int) -> bool:
        """Whether the document names this status."""
        return bool({str(status), f"{status // 100}XX", _ANY} & self.documented)


def operations(document: Mapping[str, Any]) -> tuple[Operation, ...]:
    """In the document's order. Raises KeyError, TypeError or AttributeError where it is none."""
    prefix = _prefix(document)
    found = []
    for path, item in document["paths"].items():
        get = item.get("get")
        if get is None or "{" in path:
            continue
        parameters = [*item.get("parameters", ()), *get.get("parameters", ())]
        if any(_resolved(document, one).get("required") for one in parameters):
            continue
        codes = frozenset(
            code if code == _ANY else code.upper() for code in map(str, get.get("responses", {}))
        )
        found.append(Operation(prefix + path, codes))
    return tuple(found)


def _prefix(document: Mapping[str, Any]) -> str:
    """The path of the first server; its host is not the one that is checked."""
    servers = document.get("servers") or [{}]
    path = urlsplit(servers[0].get("url", "")).path.rstrip("/")
    return "" if "{" in path else path


def _resolved(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    """A parameter, or what its `$ref` inside this document means."""
    reference = parameter.get("$ref", "")
    if not reference.startswith("#/"):
        return parameter
    found: Any = document
    for key in reference[2:].split("/"):
        found = found[key.replace("~1", "/").replace("~0", "~")]
    return dict(found)
