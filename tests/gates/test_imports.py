"""R-3.2: named imports succeed in the new release."""

from __future__ import annotations

from parom.facts import Level
from parom.gates.imports import judge


def test_each_failed_import_is_an_error_and_the_others_are_silent() -> None:
    """One deployment, one list of all that is missing."""
    found = judge([("a.b", ""), ("c", "ModuleNotFoundError: c"), ("d", "ImportError: d")])
    assert [(one.level, one.fact) for one in found] == [
        (Level.ERROR, "`c` failed: ModuleNotFoundError: c"),
        (Level.ERROR, "`d` failed: ImportError: d"),
    ]
