"""What reports show of a run's samples, kept after the samples themselves are gone.

A stored format: the event `measured`. Its fields are those of the record, which is changed only
by adding to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from pydantic import TypeAdapter

from parom.report.figures import Check, Latency, Limits, Logs, Measured, Page, Usage
from parom.words.said import SAID, recorded, recorded_all

MEASURED = "measured"


def condensed(measured: Measured) -> dict[str, Any]:
    """As it is kept. What the run's own events say is not repeated."""
    kept = asdict(measured)
    del kept["missing"], kept["verdict"]
    return kept


def measured_from(data: Mapping[str, Any], missing: tuple[str, ...], verdict: str) -> Measured:
    """The reverse, with what the run's events say."""
    logs, checks = data["logs"], data["checks"]
    read = Measured(
        limits=_LIMITS.validate_python(data["limits"]),
        latency=_LATENCY.validate_python(data["latency"]),
        pages=_PAGES.validate_python(data["pages"]),
        usage_before=_USAGE.validate_python(data["usage_before"]),
        usage_after=_USAGE.validate_python(data["usage_after"]),
        logs=_LOGS.validate_python(_plain(logs)) if logs else None,
        checks=_CHECKS.validate_python([_plain(one) for one in checks]),
        missing=missing,
        verdict=verdict,
    )
    return replace(
        read,
        logs=replace(read.logs, unread=recorded_all(logs, "unread")) if read.logs else None,
        checks=tuple(
            replace(one, last_fact=recorded(kept, "last_fact"))
            for one, kept in zip(read.checks, checks, strict=True)
        ),
    )


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    """Without what its texts were made from."""
    return {name: value for name, value in record.items() if name != SAID}


_LIMITS = TypeAdapter(Limits)
_LATENCY = TypeAdapter(tuple[Latency, ...])
_PAGES = TypeAdapter(tuple[Page, ...])
_USAGE = TypeAdapter(Usage | None)
_LOGS = TypeAdapter(Logs)
_CHECKS = TypeAdapter(tuple[Check, ...])
