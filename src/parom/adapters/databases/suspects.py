"""Processes of other users that nobody can rule out.

The descriptors of another user's process are closed to everybody but root. What cannot be
looked into is not counted as harmless where its user may write the database. Exceptions,
without which no ordinary machine could deploy:
- Root may write everything, and its daemons run everywhere: a process of root counts where
  it has a lock, or where Parom runs as root too and can look.
- Programs that every machine has, and that open no SQLite databases, do not count.
- Of our own user's processes those are closed that had privileges once (sshd, keyrings,
  browsers' sandboxes). One counts where its parent is root's: so do the workers of a web
  server that was started as root and gave that up.
"""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from parom.facts import Process
from parom.words.said import said

_OPEN_NO_DATABASES = frozenset(
    {
        *("(sd-pam)", "agetty", "at-spi-bus-laun", "dbus-broker", "dbus-daemon", "fusermount3"),
        *("gpg-agent", "login", "nginx", "pipewire", "polkitd", "postgres", "redis-server"),
        *("rsyslogd", "ssh-agent", "sshd", "sshd-auth", "sshd-session", "su", "sudo", "systemd"),
        *("systemd-logind", "systemd-network", "systemd-resolve", "systemd-timesyn"),
    }
)
"""By the kernel's name of the process, which is cut to 15 characters."""


@dataclass(frozen=True)
class _Closed:
    """What `/proc/PID/status` tells everybody about a process."""

    name: str
    state: str
    parent: int
    users: frozenset[int]
    groups: frozenset[int]


def suspect(pid: int, file: Path, started: float) -> Process | None:
    """The process, unless it may not write `file` or counts as harmless, or has ended."""
    closed = _read(pid)
    if closed is None or closed.state in "ZX" or closed.name in _OPEN_NO_DATABASES:
        return None
    if 0 in closed.users or not _may_write(closed, file.stat()):
        return None
    if os.geteuid() in closed.users and not _is_child_of_root(closed):
        return None
    described = said(
        "of user {user}, who may write the database, and closed to Parom: with a rollback journal "
        "nobody can tell whether it has it open; in WAL mode its lock would",
        user=_user_name(min(closed.users)),
    )
    return Process(pid, closed.name, described, started)


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a user without a name
        return str(uid)


def has_log(file: Path) -> bool:
    """Whether a database is in WAL mode, in which whoever has it open has a lock."""
    with file.open("rb") as opened:
        header = opened.read(20)
    return header[18:20] == b"\x02\x02"  # sqlite.org/fileformat2.html, 1.3.3


def _is_child_of_root(closed: _Closed) -> bool:
    parent = _read(closed.parent) if closed.parent > 1 else None
    return parent is not None and 0 in parent.users and parent.name not in _OPEN_NO_DATABASES


def _may_write(closed: _Closed, status: os.stat_result) -> bool:
    if status.st_uid in closed.users:
        return bool(status.st_mode & stat.S_IWUSR)
    if status.st_gid in closed.groups:
        return bool(status.st_mode & stat.S_IWGRP)
    return bool(status.st_mode & stat.S_IWOTH)


def _read(pid: int) -> _Closed | None:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it ended
        return None
    fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
    groups = fields.get("Groups", "").split() + fields["Gid"].split()
    return _Closed(
        fields["Name"],
        fields["State"][0],
        int(fields["PPid"]),
        frozenset(map(int, fields["Uid"].split())),
        frozenset(map(int, groups)),
    )
