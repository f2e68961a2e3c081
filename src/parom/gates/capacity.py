"""Whether the disks can hold what the plan will write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parom.facts import Finding, Level

MARGIN = 1.1


@dataclass(frozen=True)
class Need:
    """What will be written to one file system, in bytes, and what is free there."""

    where: str
    what: str
    needed: int
    free: int


def judge(needs: Iterable[Need]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "capacity",
            Level.ERROR,
            f"{one.where} has {_size(one.free)} free; the plan needs {_size(one.needed)} there "
            f"({one.what})",
            f"Free {_size(int(one.needed * MARGIN) - one.free)} there and deploy again.",
        )
        for one in needs
        if one.needed * MARGIN > one.free
    )


def _size(count: int) -> str:
    if count < 1 << 20:
        return f"{count} bytes"
    if count < 1 << 30:
        return f"{count / (1 << 20):.0f} MiB"
    return f"{count / (1 << 30):.1f} GiB"
