"""The tables of parom.toml that say when, how long and who."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from parom.config.table import Table
from parom.config.values import Name, Span, Word, Zone
from parom.words.said import said

Spans = Annotated[tuple[Span, ...], Field(max_length=16)]
People = Annotated[tuple[Word, ...], Field(max_length=256)]
Roles = Annotated[tuple[Word, ...], Field(max_length=64)]
LongSeconds = Annotated[float, Field(ge=1, le=7 * 86_400, strict=True)]


class WindowsTable(Table):
    timezone: Zone = ""
    recommended: Spans = ("02:00-04:00",)
    reserve: Spans = ("14:00-16:00",)
    avoid: Spans = ("09:00-17:00",)


class BudgetsTable(Table):
    preparation_s: LongSeconds = 1800
    cutover_s: LongSeconds = 900
    total_s: LongSeconds = 4500


class AccessTable(Table):
    roles: dict[Name, People] = {}
    deploy: dict[Name, Roles] = {
        "production": ("devops",),
        "staging": ("devops", "lead"),
        "development": ("*",),
    }
    override: Roles = ("devops",)
    approve: dict[Name, Roles] = {}
    approval_limit_s: LongSeconds = 86_400

    @field_validator("deploy", "approve")
    @classmethod
    def _say_who(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        empty = [name for name, roles in value.items() if not roles]
        if empty:
            message = said(
                "names no role for {environment}; leave the environment out instead",
                environment=empty[0],
            )
            raise ValueError(message)
        return value
