"""Whether the disks can hold what the plan will write."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from parom.facts import Finding, Level
from parom.words.said import said

_SPARE_PARTS = 10
"""One part in so many is kept to spare, since logs and the application write meanwhile."""


@dataclass(frozen=True)
class Need:
    """What will be written to one file system, in bytes, and what is free there."""

    where: str
    what: str
    needed: int
    free: int


def judge(needs: Iterable[Need]) -> tuple[Finding, ...]:
    """One error for each file system that is too small, with what to free there."""
    found = []
    for one in needs:
        wanted = one.needed + -(-one.needed // _SPARE_PARTS)
        if wanted > one.free:
            fact = said(
                "{where} has {free} free; the plan needs {needed} there, a tenth of it to spare "
                "({what})",
                where=one.where,
                free=size(one.free),
                needed=size(wanted),
                what=one.what,
            )
            cure = said("Free {size} there and deploy again.", size=size(wanted - one.free))
            found.append(Finding("capacity", Level.ERROR, fact, cure))
    return tuple(found)


def size(count: int) -> str:
    """A size for people; rounded up, so that nobody is told to free nothing."""
    if count < 1 << 20:
        return said("{n} bytes", n=count)
    if count < 1 << 30:
        return said("{n} MiB", n=math.ceil(count / (1 << 20)))
    return said("{n} GiB", n=math.ceil(count / (1 << 30) * 10) / 10)
