"""The journal is open before the test modules import its tables."""

from tests.support import journal

__all__ = ["journal"]
