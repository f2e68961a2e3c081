"""The live database while nobody else may write to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.copying import held_names
from parom.adapters.databases.mariadb.opening import opened

_WAIT_S = "10"


@contextmanager
def held_still(access: Access) -> Iterator[None]:
    """Every table can be read and not written, until the session ends.

    Raises `database.locked` where somebody is writing, and what opening it raises; also at the end,
    where the session was ended meanwhile.
    """
    with opened(access, lock_wait_timeout=_WAIT_S) as holder:
        held_names(holder, access.name)
        yield
        holder.ask("UNLOCK TABLES")
