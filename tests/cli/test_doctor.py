"""`parom doctor` and `parom check` on an installation that runs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.standing import Standing
from tests.support.ferry import Ferry


def test_doctor_finds_a_running_installation_sound_and_changes_nothing(installed: Ferry) -> None:
    """It is what a team runs every morning."""
    before = Standing.of(installed)
    ran = installed.parom("doctor", "--json")
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["ready"]) == (0, True)
    good = {one["id"] for one in found["observations"] if one["health"] == "good"}
    assert {
        "journal.whole", "lease.free", "database.same", "application.loads", "services.running",
        "services.port", "checks.health", "checks.functional", "capacity", "source.reachable",
    } <= good  # fmt: skip
    assert Standing.of(installed).differs_from(before) == []


def test_doctor_says_for_people_what_stands_in_the_way(installed: Ferry, own_config: Path) -> None:
    """With a mark, the cure, the id, and exit code 10."""
    text = own_config.read_text("utf-8").replace('location = "source"', 'location = "gone"')
    own_config.write_text(text, "utf-8")
    ran = installed.parom("--config", str(own_config), "doctor")
    assert ran.returncode == 10
    assert "✗ source" in ran.stdout
    assert "[source.no-folder]" in ran.stdout
    assert "✓ services" in ran.stdout
    assert "1 thing(s) stand in the way" in ran.stdout


def test_check_reads_the_file_and_nothing_else(installed: Ferry, own_config: Path) -> None:
    """It can be run where the installation is not: in a pipeline, on a desk."""
    text = own_config.read_text("utf-8").replace('root = "installation"', 'root = "/not/here"')
    own_config.write_text(text, "utf-8")
    ran = installed.parom("--config", str(own_config), "check", "--json")
    assert (ran.returncode, json.loads(ran.stdout)["valid"]) == (0, True)
