"""Why a row lies in quarantine, and what a replay amounts to."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from parom.facts import CapturedRow


class Why(enum.StrEnum):
    """Why a row, or a part of it, could not be carried."""

    NO_TABLE = "the older release has no such table"
    NO_KEY = "nothing names a row of this table for good"
    NEVER = "rows of this table are never carried"
    REFUSED = "a migration stands in the way"
    UNSEEN = "not all that was written to this table was seen"
    COLUMNS = "the older release has no such columns"
    NEEDS_VALUE = "the older release wants a value that nobody gave"
    DOES_NOT_FIT = "the older table does not take it"
    REFERS = "it refers to a row that is not there"
    REFERRED = "rows that stay refer to it"
    DIFFERS = "it was not the same after it was written"
    NO_REPLAY = "no rows were carried"


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


def name_of(row: CapturedRow) -> str:
    """Tells rows apart: the table and the key."""
    return json.dumps([row.table, row.key], ensure_ascii=False)
