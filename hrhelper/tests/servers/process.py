"""What tests need who start processes: ports, and waiting for a condition."""

from tests.releases.conftest import free_port, status_of, wait_until

__all__ = ["free_port", "status_of", "wait_until"]
