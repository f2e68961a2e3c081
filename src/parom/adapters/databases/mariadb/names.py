"""What the schemas of an installation are called on their server. Pure.

Names are kept by the server up to 64 characters.
"""

from __future__ import annotations

import hashlib

_MOST, _APP, _DIGITS = 64, 20, 8
_BETWEEN = "__parom_"
_REHEARSAL, _SCRATCH = "rehearsal", "scratch-"


def prefix_of(app: str) -> str:
    """With what the names of an application's versions begin; a long one is cut."""
    if len(app) > _APP:
        digest = hashlib.sha256(app.encode()).hexdigest()[:_DIGITS]
        app = f"{app[: _APP - _DIGITS - 1]}_{digest}"
    return app + _BETWEEN


def name_of(prefix: str, database_id: str) -> str:
    """The name of a version that is not live. Raises ValueError for an id that is too long."""
    name = prefix + database_id
    if len(name) > _MOST:
        message = f"{database_id!r} is too long for the name of a schema"
        raise ValueError(message)
    return name


def rehearsal_of(prefix: str) -> str:
    """The schema of a rehearsal; what belongs to it begins with this name."""
    return prefix + _REHEARSAL


def is_of_rehearsal(prefix: str, name: str) -> bool:
    return name.startswith(prefix + _REHEARSAL)


def scratch_of(prefix: str, number: str) -> str:
    """The schema in which an archive is proven."""
    return name_of(prefix, _SCRATCH + number)


def is_scratch(prefix: str, name: str) -> bool:
    return name.startswith(prefix + _SCRATCH)


def pattern_of(prefix: str) -> str:
    """For GRANT, where these two characters stand for any others."""
    return prefix.replace("_", "\\_") + "%"
