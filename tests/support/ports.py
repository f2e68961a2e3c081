"""Ports that a test has for itself until its process ends, whether anybody listens or not."""

from __future__ import annotations

import random
import socket

_RANGE = range(20_000, 32_000)
"""Below those that the kernel gives by itself to who connects, or binds port 0
(net.ipv4.ip_local_port_range, 32768 and above): there a port that was free a moment ago is
taken by any connection of any program."""
_MOST_TRIED = 500
_chance = random.SystemRandom()  # the other is seeded alike in every worker
_claims: list[int] = []
"""Descriptors that hold the claims; the kernel lets them go with this process."""


def free_port() -> int:
    """One that nobody listens on, and that no other process of tests is given meanwhile.

    The claim is a name that a socket of the abstract namespace holds (unix(7)).
    """
    for port in _chance.sample(_RANGE, _MOST_TRIED):
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0parom-test-port-{port}")
            _refuse_taken(port)
        except OSError:
            claim.close()
            continue
        _claims.append(claim.detach())
        return port
    message = f"of {_MOST_TRIED} ports from {_RANGE.start} to {_RANGE.stop} none is free"
    raise OSError(message)


def _refuse_taken(port: int) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", port))
