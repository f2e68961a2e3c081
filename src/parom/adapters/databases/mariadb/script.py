"""What mariadb-dump writes: statements, a row of a table to a line, and Parom's last line.

A line's end within a value is written as `\\n`, so that lines are rows. Only statements that make
tables, fill them and set a session are ever run: an archive may do nothing else.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parom.errors import mariadb as errors
from parom.facts import TableCount

_MARK = b"-- parom "
_TAIL_BYTES = 4 << 20
_INTO = re.compile(rb"INSERT INTO `((?:[^`]|``)+)` (?:\([^\n]*\) )?VALUES\n")
_COMPLETED = b"-- Dump completed"
_ALLOWED = re.compile(rb"CREATE TABLE `|INSERT INTO `|/\*(!|M!)[0-9]+ SET [^;]*\*/;")


@dataclass(frozen=True)
class Tail:
    """The last line of an archive."""

    charset: str
    collation: str
    tables: tuple[TableCount, ...]

    def written(self) -> bytes:
        counts = {one.table: one.rows for one in self.tables}
        told = {"charset": self.charset, "collation": self.collation, "tables": counts}
        return _MARK + json.dumps(told).encode() + b"\n"


def counted_rows(archive: Path) -> dict[str, int]:
    """By table, all tables. Raises `database.damaged` for what is no dump, or not a whole one."""
    counts, table, last = Counter[str](), "", b""
    with archive.open("rb") as lines:
        for line in lines:
            if line.startswith(b"CREATE TABLE `"):
                counts[_named(line.split(b"`", 1)[1].rsplit(b"` (", 1)[0])] += 0
            elif line.startswith(b"INSERT INTO "):
                found = _INTO.fullmatch(line)
                if found is None:
                    raise errors.damaged(archive, "rows and lines are not the same in it")
                table = _named(found[1])
            elif table and line.startswith(b"("):
                counts[table] += 1
            else:
                table = ""
            last = line if line.strip() else last
    if not last.startswith(_COMPLETED):
        raise errors.damaged(archive, "it breaks off")
    return dict(counts)


def tail_of(archive: Path) -> Tail:
    """Raises `database.damaged` for what is no archive at all, or breaks off."""
    try:
        with archive.open("rb") as opened:
            opened.seek(max(0, archive.stat().st_size - _TAIL_BYTES))
            last = opened.read().rstrip(b"\n").rpartition(b"\n")[2]
    except OSError as problem:
        raise errors.damaged(archive, problem.strerror or str(problem)) from None
    try:
        told = json.loads(last.removeprefix(_MARK) if last.startswith(_MARK) else b"{}")
        counts = tuple(TableCount(str(k), int(v)) for k, v in sorted(told["tables"].items()))
        tail = Tail(str(told["charset"]), str(told["collation"]), counts)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise errors.damaged(archive, "its last line is not there") from None
    if not (tail.charset.isidentifier() and tail.collation.isidentifier()):
        raise errors.damaged(archive, "its last line is none of Parom's")
    return tail


def statements(archive: Path) -> Iterator[bytes]:
    """One after the other. Raises `database.damaged` for one of another kind."""
    gathered = list[bytes]()
    with archive.open("rb") as lines:
        for line in lines:
            if not gathered and (not line.strip() or line.startswith((b"--", b"/*M!999999"))):
                continue
            gathered.append(line)
            if line.endswith(b";\n"):
                statement = b"".join(gathered)
                if not _ALLOWED.match(statement):
                    raise errors.damaged(archive, "it holds other statements than a dump's")
                gathered.clear()
                yield statement.rstrip(b";\n")
    if gathered:
        raise errors.damaged(archive, "it breaks off")


def _named(quoted_name: bytes) -> str:
    return quoted_name.decode(errors="replace").replace("``", "`")
