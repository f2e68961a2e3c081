"""The journal is open before the test modules import its tables."""

from __future__ import annotations

from tests.support import journal

__all__ = ["journal"]
