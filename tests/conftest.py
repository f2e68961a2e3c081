"""In which order the files of tests are handed out."""

from __future__ import annotations

from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_LONG = ("docs", "journeys", "recovery")
"""Whole deployments: handed out last, one of them would keep the others waiting at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(_HERE).parts[0]
    return _LONG.index(folder) if folder in _LONG else len(_LONG)
