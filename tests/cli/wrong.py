"""What a table of wrong input holds, and how each is run and judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.ferry import Ferry

Change = Callable[[Ferry, Path], None]
"""Makes things wrong; the path is a configuration of its own, which the command is given."""


@dataclass(frozen=True)
class Wrong:
    """`arguments` go to parom; `said` must be in its message."""

    arguments: tuple[str, ...]
    id: str
    code: int
    said: str = ""
    change: Change = field(default=lambda _ferry, _config: None)


def run(ferry: Ferry, config: Path, arguments: tuple[str, ...]) -> tuple[int, str, str]:
    """A command of Parom with that configuration: exit code, output, errors."""
    ran = ferry.parom("--config", str(config), *arguments)
    return ran.returncode, ran.stdout, ran.stderr


def judge(wrong: Wrong, code: int, said: str) -> None:
    assert code == wrong.code, said
    assert "Traceback" not in said
    assert wrong.said in said
    assert f"[{wrong.id}]" in said
