"""Why a row lies in quarantine, and what a replay amounts to."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from parom.facts import CapturedRow
from parom.words.said import said

NO_LONGER_FITS = said(
    "what was written since changes what had been carried ahead, or how it was told"
)
"""Why rows that had been carried ahead are carried once more, where nothing failed."""


class Why(enum.StrEnum):
    """Why a row, or a part of it, could not be carried; in words in `words/reasons.py`."""

    NO_TABLE = "no-table"
    NO_KEY = "no-key"
    NEVER = "never"
    REFUSED = "refused"
    UNSEEN = "unseen"
    COLUMNS = "columns"
    NEEDS_VALUE = "needs-value"
    DOES_NOT_FIT = "does-not-fit"
    REFERS = "refers"
    REFERRED = "referred"
    DIFFERS = "differs"
    NO_REPLAY = "no-replay"


@dataclass(frozen=True)
class Apart:
    """A row in quarantine; with `columns` only these of it, the rest is carried."""

    why: Why
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carried:
    """What a replay did with the captured rows."""

    tables: Mapping[str, int]
    """Rows in the database that comes back, by the newer release's table; those of which some
    columns are apart among them."""
    apart: Mapping[str, Apart] = field(default_factory=dict)
    """By `name_of` the row."""
    otherwise: Apart | None = None
    """What becomes of every other row: None is carried."""
    apart_tables: Mapping[str, Apart] = field(default_factory=dict)
    """Of the newer release's tables that have captured rows, those of which all rows are apart."""
    missed: str = field(default="", compare=False)
    """Why rows that had been carried ahead were all carried once more; empty where none were."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing of any captured row goes into quarantine."""
        return not self.apart and not self.apart_tables and self.otherwise is None

    def apart_of(self, row: CapturedRow) -> Apart | None:
        """What of a captured row goes into quarantine."""
        if row.table in self.apart_tables:  # no name is made of each of a great many rows
            return self.apart_tables[row.table]
        return self.apart.get(name_of(row), self.otherwise)


def is_carried(apart: Apart | None) -> bool:
    """Whether the row is carried, if without some of its columns."""
    return apart is None or bool(apart.columns)


def name_of(row: CapturedRow) -> str:
    """Tells rows apart: the table and the key."""
    return json.dumps([row.table, row.key], ensure_ascii=False)
