"""The file with headers for checks: `Name: value` lines, for its owner only."""

from __future__ import annotations

import stat
from pathlib import Path

from parom.errors import checks as errors


def read_headers(path: Path) -> dict[str, str]:
    """The headers of a file. Raises `checks.headers-file` where others may read it."""
    try:
        status = path.stat()
    except OSError as problem:
        raise errors.headers_file(path, problem.strerror or str(problem)) from None
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise errors.headers_file(path, "others than its owner may read it (chmod 600)")
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, colon, value = line.partition(":")
        if colon and not line.startswith("#"):
            found[name.strip()] = value.strip()
    return found
