"""The journal is open before the test modules import its tables."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import journal

__all__ = ["journal"]


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    """Each test has the outbox for itself."""
    from parom.journal.models import Followed, Letter

    yield
    Letter.objects.all().delete()
    Followed.objects.all().delete()
