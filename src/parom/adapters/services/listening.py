"""Who listens on a TCP address."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

import psutil

_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
_ANSWER_LIMIT_S = 0.5


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
    """All processes that we may see and that listen on it, the parent and its workers."""
    pids = {
        one.pid
        for one in psutil.net_connections("tcp")
        if one.status == psutil.CONN_LISTEN
        and one.pid is not None
        and one.laddr
        and one.laddr.port == address.port
        and _same_host(one.laddr.ip, address)
    }
    found = []
    for pid in sorted(pids):
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
