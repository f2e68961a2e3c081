"""Knows a process again, whatever became of the clock, the boot or its pid.

psutil reckons a start from the time of day, which moves when the clock is set. The kernel
counts it in ticks since the boot (field 22 of /proc/PID/stat, proc(5)) and names each boot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import psutil

from parom.durable import write_atomically

_TICKS_AFTER_NAME = 19
"""The start is field 22; the name before, which may hold blanks and brackets, is field 2."""
_GONE = frozenset("ZX")


def birth_of(pid: int) -> dict[str, Any]:
    """What identifies a living process, as plain data. Raises `psutil.NoSuchProcess`."""
    return {"pid": pid, "boot": _boot(), "ticks": int(_stat(pid)[_TICKS_AFTER_NAME])}


def write_birth(file: Path, pid: int, **more: str) -> None:
    """Write a birth to a file, with what else is to be known."""
    write_atomically(file, json.dumps({**birth_of(pid), **more}).encode(), 0o600)


def living(birth: Mapping[str, Any]) -> psutil.Process | None:
    """The process that was born so; None where it has ended, though nobody collected it."""
    if birth.get("boot") != _boot() or "pid" not in birth:
        return None
    try:
        stat = _stat(birth["pid"])
        if stat[0] in _GONE or int(stat[_TICKS_AFTER_NAME]) != birth.get("ticks"):
            return None
        return psutil.Process(birth["pid"])
    except psutil.NoSuchProcess:
        return None


def read_birth(file: Path) -> dict[str, Any]:
    """What `write_birth` wrote; empty where there is nothing."""
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return {}


def _stat(pid: int) -> list[str]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        raise psutil.NoSuchProcess(pid) from None
    return text.rpartition(")")[2].split()


@cache
def _boot() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
