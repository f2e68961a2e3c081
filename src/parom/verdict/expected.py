"""What a plan wants looked at during a watch."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.samples import CheckKind
from parom.verdict.series import DATABASE, LOG, PAGE, PROBE, RESOURCES, Series


@dataclass(frozen=True)
class Expected:
    """What the plan wants looked at. What is expected and never came is missing evidence."""

    endpoints: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    resources: bool = True
    database: bool = True
    functions_every_s: float = 300.0
    pages_every_s: float = 60.0

    @property
    def series(self) -> tuple[Series, ...]:
        """All that must be looked at for as long as the watch lasts."""
        return (
            *(Series(PROBE, name) for name in self.endpoints),
            *(Series(CheckKind.START, name) for name in self.services),
            *(Series(LOG, name) for name in self.logs),
            *(Series(CheckKind.FUNCTION, name) for name in self.functions),
            *(Series(PAGE, name) for name in self.pages),
            *((RESOURCES,) if self.resources else ()),
            *((DATABASE,) if self.database else ()),
        )
