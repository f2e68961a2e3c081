"""Ports for what the demonstration starts."""

from __future__ import annotations

import socket


def free_port() -> int:
    """One of loopback that nobody has at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
