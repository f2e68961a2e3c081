"""What belongs to a log, by its name."""

from __future__ import annotations

import pytest

from parom.watch.log_files import is_generation


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("app.log", True),
        ("app.log.1", True),
        ("app.log.12.gz", True),
        ("app.log-20261126", True),
        ("app.log-20261126.zst", True),
        ("app.log.2026-11-26", True),
        ("app-20261126.log", True),
        ("app-20261126.log.gz", True),
        ("app.1.log", True),
        ("app_2026-11-26T10.log", True),
        ("app-worker.log", False),
        ("app2.log.1", False),
        ("apparently.log", False),
        ("other.log", False),
        ("app.logger", False),
        ("app", False),
        (".log", False),
    ],
)
def test_names_of_generations(name: str, belongs: bool) -> None:
    """Another log beside it must not be read as its past."""
    assert is_generation(name, "app.log") is belongs
