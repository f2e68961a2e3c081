"""How one service is started."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["web", "worker", "scheduler"]
WEB = "web"
"""The name of the web service, by which the doorman knows it too."""


@dataclass(frozen=True)
class ServiceCommand:
    """`argv` may hold `{python}` (the release's interpreter), `{bind}` (`fd://N`, as gunicorn
    takes it) and `{fd}` (the number alone). `graceful_s` is how long it may take to stop."""

    name: str
    role: Role
    argv: tuple[str, ...]
    graceful_s: float = 30
