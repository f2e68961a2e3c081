"""Batches of rows that are put back: recorded before, marked within, recorded after.

What a crash leaves is settled by the mark, which the batch's own transaction wrote: see
docs/explanation/quarantine.md.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from parom.journal import chain
from parom.ports import LiveRows
from parom.quarantine.folder import Folder
from parom.quarantine.record import PutBack, append
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted

Point = Callable[[str], None]
"""Called at each point where a crash would leave something behind."""


def settlements(
    done: PutBack, marks: Mapping[str, str] | None, database_id: str
) -> Iterator[dict[str, Any]]:
    """How each batch that a crash left open ended, as far as the database tells.

    A batch without a mark was never committed. Where the place for marks is gone, or another
    database is live, nobody knows, and nobody will: its rows are in doubt from then on.
    """
    for batch, begun in list(done.open.items()):
        if marks is None or begun["database"] != database_id:
            yield {"doubt": batch}
        else:
            yield json.loads(marks[batch]) if batch in marks else _done(batch)


def settle(folders: Iterable[Folder], rows: LiveRows, database_id: str, who: str) -> None:
    """Record how they ended, of all quarantines: the marks are cleared for all of them."""
    marks = rows.marks()
    for folder in folders:
        for record in settlements(folder.put_back(), marks, database_id):
            if record.get("rows"):
                _tell(folder, {**record, "settled": True}, who)
            append(folder.record, record)


class Batches:
    """Puts batches of one quarantine back, for somebody."""

    def __init__(
        self, folder: Folder, rows: LiveRows, database_id: str, who: str, point: Point
    ) -> None:
        self._folder, self._rows, self._point = folder, rows, point
        self._database_id, self._who = database_id, who
        self._is_ready = False

    def put(self, wanted: Sequence[Wanted], names: Sequence[str]) -> dict[int, Stay | None]:
        """Raises what `LiveRows.put` raises; what was put back before stays recorded."""
        if not self._is_ready:  # before anything is begun: without marks it would be in doubt
            self._rows.make_ready()
            self._is_ready = True
        batch = f"{self._folder.run_id}/{secrets.token_hex(6)}"
        begun = {
            "begun": batch,
            "lines": [one.number for one in wanted],
            "database": self._database_id,
            "who": self._who,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        append(self._folder.record, begun)
        self._point("begun")
        kept: list[dict[str, Any]] = []

        def mark(results: Any) -> str:
            kept.append(_done(batch, wanted, names, results))
            self._point("written")
            return json.dumps(kept[-1], ensure_ascii=False)

        results = self._rows.put(batch, wanted, mark)
        self._point("committed")
        if kept[-1]["rows"]:
            _tell(self._folder, kept[-1], self._who)
        self._point("told")
        append(self._folder.record, kept[-1])
        return dict(results)


def _done(
    batch: str,
    wanted: Sequence[Wanted] = (),
    names: Sequence[str] = (),
    results: Any = None,
) -> dict[str, Any]:
    """What the record says of a batch; keys of rows, never their values."""
    put = [
        (one, name)
        for one, name in zip(wanted, names, strict=True)
        if results is not None and results[one.number] is None
    ]
    return {
        "done": batch,
        "back": [one.number for one, _ in put if not one.aim.in_part],
        "in_part": {str(one.number): one.aim.in_part for one, _ in put if one.aim.in_part},
        "rows": [name for _, name in put],
    }


def _tell(folder: Folder, done: dict[str, Any], who: str) -> None:
    told = {"run": folder.run_id, "who": who, "batch": done["done"], "rows": done["rows"]}
    if done.get("settled"):
        told["settled"] = True
    chain.append("", "quarantine-put-back", "", told)
