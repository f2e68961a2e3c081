"""What the databases of an installation are called on their server, and the mark in a comment.

Pure. PostgreSQL cuts names to 63 bytes without asking, so that they are kept shorter here.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

_MOST_BYTES = 63
_APP_BYTES, _DIGITS = 20, 8
_BETWEEN, PARTIAL = "_parom_", ".part"
_ORIGINAL = "original-"
_MARK = re.compile(r"\n?\[parom (\{[^\n]*\})\]\s*\Z")


def name_of(app: str, database_id: str) -> str:
    """The name of a version that is not live. Raises ValueError for an id that is too long."""
    name = prefix_of(app) + database_id
    if len((name + PARTIAL).encode()) > _MOST_BYTES:
        message = f"{database_id!r} is too long for the name of a database"
        raise ValueError(message)
    return name


def partial_of(app: str, database_id: str) -> str:
    """The name of a version that is not finished."""
    return name_of(app, database_id) + PARTIAL


def prefix_of(app: str) -> str:
    """With what the names of an application's versions begin."""
    if len(app.encode()) > _APP_BYTES:
        kept = app.encode()[: _APP_BYTES - _DIGITS - 1].decode(errors="ignore")
        app = f"{kept}_{hashlib.sha256(app.encode()).hexdigest()[:_DIGITS]}"
    return app + _BETWEEN


@dataclass(frozen=True)
class Mark:
    """What Parom notes in a database's comment."""

    app: str
    id: str
    oid: int
    """Of the database itself: a mark that was restored elsewhere says nothing there."""
    before: str = ""
    """The id of what was live until this one was swapped in."""
    archive: str = ""
    """The SHA-256 of the archive from which this one was restored."""

    def written_after(self, comment: str) -> str:
        """The comment of whoever wrote one, and below it the mark."""
        noted = {"app": self.app, "id": self.id, "oid": self.oid}
        more = {"before": self.before, "archive": self.archive}
        kept = noted | {key: value for key, value in more.items() if value}
        return (
            f"{comment}\n[parom {json.dumps(kept)}]" if comment else f"[parom {json.dumps(kept)}]"
        )


@dataclass(frozen=True)
class Version:
    """One database of an installation, as the server's catalogue has it."""

    name: str
    oid: int
    comment: str
    """Without the mark."""
    mark: Mark | None
    is_valid: bool = True
    """False for one whose DROP was cut off."""

    @property
    def id(self) -> str:
        return self.mark.id if self.mark else f"{_ORIGINAL}{self.oid}"


def parted(comment: str, app: str, oid: int) -> tuple[str, Mark | None]:
    """A comment without its mark, and the mark, where it is this database's."""
    found = _MARK.search(comment)
    if found is None:
        return comment, None
    try:
        noted = json.loads(found[1])
        mark = Mark(
            str(noted["app"]),
            str(noted["id"]),
            int(noted["oid"]),
            str(noted.get("before", "")),
            str(noted.get("archive", "")),
        )
    except (ValueError, KeyError, TypeError):
        return comment, None
    rest = comment[: found.start()]
    return rest, mark if (mark.app, mark.oid) == (app, oid) else None
