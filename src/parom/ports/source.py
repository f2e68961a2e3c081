"""Where releases come from."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from parom.facts import SourceRevision


class Source(Protocol):
    """Where releases come from."""

    def resolve(self, ref: str) -> SourceRevision:
        """Fix what `ref` means now. Raises `source.unknown-ref`."""
        ...

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        """Write the tree of that revision to `destination`, which must not exist.

        Written to a name beside it and renamed: there is a whole tree or none.
        """
        ...
