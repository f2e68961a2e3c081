"""Finding and ending processes by what they are, never by what they are called."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from parom.appside.envfile import read_env_file
from parom.appside.masked import without_secrets
from parom.facts import Process
from parom.masking import shown_command

_TAIL_BYTES, _LONGEST_SECRET = 1500, 8192


def marked(name: str, value: str) -> tuple[psutil.Process, ...]:
    """Processes whose environment has the variable `name` with exactly `value`."""
    wanted = f"{name}={value}".encode()
    found = []
    for pid in psutil.pids():
        try:
            content = Path(f"/proc/{pid}/environ").read_bytes()
            if wanted in content.split(b"\0"):
                found.append(psutil.Process(pid))
        except (OSError, psutil.NoSuchProcess):  # it ended, or belongs to somebody else
            continue
    return tuple(found)


def listening_on(host: str, port: int) -> Process | None:
    """Who listens on a TCP address; None where nobody does, or nobody that we may see."""
    for one in psutil.net_connections("tcp"):
        if one.status != psutil.CONN_LISTEN or not one.laddr or one.pid is None:
            continue
        if one.laddr.port == port and one.laddr.ip in (host, "0.0.0.0", "::"):  # noqa: S104 - compared, not bound
            with contextlib.suppress(psutil.NoSuchProcess):  # it ended, and listens no more
                return described(psutil.Process(one.pid))
    return None


def with_open(file: Path) -> tuple[psutil.Process, ...]:
    """Processes, but this one, that have a file open; it need not exist any more."""
    found = []
    for pid in psutil.pids():
        if pid != os.getpid() and any(_leads_to(link, file) for link in _links(pid)):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(psutil.Process(pid))
    return tuple(found)


def described(process: psutil.Process) -> Process | None:
    """The process as a person would name it; None where it has ended."""
    try:
        with process.oneshot():
            command = shown_command(process.cmdline())
            return Process(process.pid, process.name(), command, process.create_time())
    except psutil.NoSuchProcess:
        return None


def ask_to_end(processes: Iterable[psutil.Process], limit_s: float) -> list[psutil.Process]:
    """SIGTERM; those that have not ended within the limit."""
    living = [one for one in processes if one.is_running()]
    for one in living:
        _signal(one, kill=False)
    return psutil.wait_procs(living, timeout=limit_s)[1]


def end_all(processes: Iterable[psutil.Process], graceful_s: float) -> tuple[Process, ...]:
    """End processes: SIGTERM, then SIGKILL after `graceful_s`; those that still live.

    psutil compares start times, so that a pid which was given anew is left alone.
    """
    living = ask_to_end(processes, graceful_s)
    for one in living:
        _signal(one, kill=True)
    _, living = psutil.wait_procs(living, timeout=10)
    return tuple(found for one in living if alive(one) and (found := described(one)) is not None)


def alive(process: psutil.Process) -> bool:
    """Running and not a zombie that its parent has yet to collect."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def lives(pid: int) -> bool:
    """The same of a process that is known by its number."""
    try:
        return alive(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(processes: Iterable[psutil.Process], timeout_s: float) -> bool:
    """Whether all of them ended within the time."""
    deadline = time.monotonic() + timeout_s
    left = [one for one in processes if alive(one)]
    while left and time.monotonic() < deadline:
        _, left = psutil.wait_procs(left, timeout=0.1)
        left = [one for one in left if alive(one)]
    return not left


def tail_of(log: Path, env_file: Path | None = None) -> str:
    """The end of a log, without the secrets that the environment file holds."""
    try:
        with log.open("rb") as stream:
            stream.seek(0, 2)
            # More than is shown: a secret that is cut in two would not be found.
            stream.seek(max(0, stream.tell() - _TAIL_BYTES - _LONGEST_SECRET))
            text = stream.read().decode("utf-8", "replace").strip()
            kept = read_env_file(env_file) if env_file and env_file.exists() else {}
            return without_secrets(text, kept)[-_TAIL_BYTES:]
    except FileNotFoundError:
        return "(no log was written)"


def answers(port: int) -> bool:
    """Whether an HTTP server says anything at all within a quarter of a second."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.25) as connection:
            connection.sendall(b"OPTIONS * HTTP/1.0\r\n\r\n")
            return bool(connection.recv(1))
    except OSError:
        return False


def _links(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # it ended, or belongs to somebody else
        return []


def _leads_to(link: Path, file: Path) -> bool:
    try:
        return link.readlink() == file
    except OSError:  # closed meanwhile
        return False


def _signal(process: psutil.Process, *, kill: bool) -> None:
    try:
        process.kill() if kill else process.terminate()
    except psutil.NoSuchProcess:
        return
