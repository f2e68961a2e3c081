"""R-3.1: 0 errors; which warnings fail is configurable."""

from __future__ import annotations

import pytest

from parom.facts import CheckMessage, Level
from parom.gates.deploy_check import judge

INFO, WARNING, ERROR = (
    CheckMessage("security.I001", 20, "for your information"),
    CheckMessage("security.W004", 30, "no HSTS", "Set SECURE_HSTS_SECONDS.", "settings"),
    CheckMessage("models.E001", 40, "bad model"),
)


@pytest.mark.parametrize(
    ("message", "fail_on", "level"),
    [
        (INFO, set(), Level.INFO),
        (WARNING, set(), Level.WARNING),
        (ERROR, set(), Level.ERROR),
        (CheckMessage("x", 50, "critical"), set(), Level.ERROR),
        (WARNING, {"security.W004"}, Level.ERROR),
        (WARNING, {"security.W005"}, Level.WARNING),
        (WARNING, {"WARNING"}, Level.ERROR),
        (INFO, {"WARNING"}, Level.INFO),
        (INFO, {"security.I001"}, Level.ERROR),
    ],
)
def test_a_message_stops_by_its_level_or_by_configuration(
    message: CheckMessage, fail_on: set[str], level: Level
) -> None:
    """An error stops always; anything else only where the team says so."""
    (finding,) = judge([message], frozenset(fail_on), frozenset())
    assert finding.level is level


def test_a_silenced_message_is_not_told() -> None:
    """The team has decided about it once."""
    assert judge([WARNING], frozenset({"WARNING"}), frozenset({"security.W004"})) == ()


def test_a_finding_has_the_id_the_object_and_the_hint() -> None:
    """Enough to act on without running the check again."""
    (finding,) = judge([WARNING], frozenset(), frozenset())
    assert finding.fact == "security.W004: settings: no HSTS"
    assert finding.cure == "Set SECURE_HSTS_SECONDS."
