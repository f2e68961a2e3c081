"""Who listens on a TCP address."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

import psutil

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
_ANSWER_LIMIT_S = 0.5
_LISTENING = "0A"
"""The state of a listening socket in /proc/net/tcp (proc(5), include/net/tcp_states.h)."""


@dataclass(frozen=True)
class Address:
    """A host and a port, as `services.bind` names them."""

    host: str
    port: int

    @staticmethod
    def parse(bind: str) -> Address:
        host, _, port = bind.rpartition(":")
        return Address(host.strip("[]"), int(port))

    @property
    def reached_by(self) -> str:
        """The host by which this machine reaches it."""
        return _ANY.get(self.host, self.host)

    @property
    def url(self) -> str:
        host = f"[{self.reached_by}]" if ":" in self.reached_by else self.reached_by
        return f"http://{host}:{self.port}"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def listeners(address: Address) -> tuple[psutil.Process, ...]:
    """All processes that we may see and that listen on it: a parent and its workers share
    one socket. Read from proc(5) itself: psutil names one process of each socket, and takes
    half a second where thousands of connections have ended a moment ago."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(address)}
    found = []
    for pid in psutil.pids() if wanted else ():
        if wanted & _opened(pid):
            try:
                found.append(psutil.Process(pid))
            except psutil.NoSuchProcess:
                continue
    return tuple(found)


def is_free(address: Address) -> bool:
    """Whether somebody could listen on it now."""
    family, kind, protocol, _, where = _resolved(address)
    with socket.socket(family, kind, protocol) as one:
        # Without it connections that ended a moment ago count as a listener.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(where)
        except OSError:
            return False
    return True


def answers_at(address: Address) -> bool:
    """Whether an HTTP server there says anything at all within half a second."""
    try:
        where = (address.reached_by, address.port)
        with socket.create_connection(where, timeout=_ANSWER_LIMIT_S) as connection:
            connection.sendall(b"OPTIONS * HTTP/1.0\r\n\r\n")
            return bool(connection.recv(1))
    except OSError:
        return False


def _resolved(address: Address) -> tuple[int, int, int, str, tuple[str, int]]:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
    family, kind, protocol, name, where = found
    return family, kind, protocol, name, (str(where[0]), int(where[1]))


def _same_host(ip: str, address: Address) -> bool:
    if ip in _ANY or address.host in _ANY:
        return True
    try:
        return ipaddress.ip_address(ip) == ipaddress.ip_address(address.host)
    except ValueError:  # the address names a host, not a number
        return ip == _resolved(address)[4][0]


def _listening_inodes(address: Address) -> set[str]:
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        try:
            lines = Path("/proc/net", table).read_text("ascii").splitlines()[1:]
        except FileNotFoundError:  # a machine without IPv6
            continue
        for line in lines:
            fields = line.split()
            host, _, port = fields[1].partition(":")
            if fields[3] != _LISTENING or int(port, 16) != address.port:
                continue
            if _same_host(_decoded(host, family), address):
                found.add(fields[9])
    return found


def _decoded(host: str, family: socket.AddressFamily) -> str:
    """The kernel writes an address as 32-bit words in the order of this machine."""
    words = [int(host[at : at + 8], 16) for at in range(0, len(host), 8)]
    return socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words))


def _opened(pid: int) -> set[str]:
    folder = f"/proc/{pid}/fd"
    found: set[str] = set()
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names only, of a folder that may vanish
    except OSError:  # the process ended, or belongs to another user
        return found
    for name in names:
        with contextlib.suppress(OSError):  # closed meanwhile
            found.add(os.readlink(f"{folder}/{name}"))  # noqa: PTH115 - no path: socket:[inode]
    return found
