"""Finding a circusd, and asking it through the socket in its own folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from parom.adapters.services.processes import alive

if TYPE_CHECKING:
    from circus.client import CircusClient

_SOCKET = "circus.sock"
ENDPOINT = f"ipc://{_SOCKET}"
"""As circusd names it, which works in its folder: a unix socket's path has at most 107 bytes,
and a place that depends on TMPDIR or the user would be another one tomorrow."""


@contextmanager
def client_of(folder: Path, limit_s: float) -> Iterator[CircusClient]:
    """Whoever asks works elsewhere and reaches the folder, however deep, by a descriptor.

    Raises OSError where there is no such folder, and `circus.exc.CallError` after `limit_s`.
    """
    from circus.client import CircusClient

    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        where = f"ipc:///proc/self/fd/{descriptor}/{_SOCKET}"
        client = CircusClient(endpoint=where, timeout=limit_s)
        try:
            yield client
        finally:
            client.stop()
    finally:
        os.close(descriptor)


def circusd_of(configuration: Path) -> psutil.Process | None:
    """The one that was started with exactly this file, whoever has it on record."""
    wanted = ["-m", "circus.circusd", str(configuration)]
    found = {pid for pid in psutil.pids() if _arguments(pid)[1:] == wanted}
    for pid in found:
        try:
            process = psutil.Process(pid)
            # A child that it begins to start looks like it for a moment.
            if process.ppid() not in found and alive(process):
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def _arguments(pid: int) -> list[str]:
    try:
        content = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it ended
        return []
    return [os.fsdecode(one) for one in content.split(b"\0")[:-1]]
