"""The file with headers for checks: `Name: value` lines, for its owner only."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from parom.errors import checks as errors
from parom.words.said import said

_LINE = re.compile(r"(?P<name>[A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*:[ \t]*(?P<value>[\x20-\x7e\t]*)")


def read_headers(path: Path) -> dict[str, str]:
    """The headers of a file; empty lines and lines that start with `#` are skipped.

    Raises `checks.headers-file` where others may read it or a line is no header. The error
    names the line's number only: the line is a secret.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read().decode("utf-8-sig", "replace")
    except OSError as problem:
        raise errors.headers_file(path, problem.strerror or str(problem)) from None
    if mode & 0o077:
        raise errors.headers_file(path, said("others than its owner may read it (chmod 600)"))
    found = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line.rstrip())
        if match is None:
            raise errors.headers_file(
                path, said("line {number} is not `Name: value` in ASCII", number=number)
            )
        found[match["name"]] = match["value"]
    return found


def write_headers(path: Path, headers: Mapping[str, str]) -> None:
    """Write a new file that `read_headers` reads, for its owner only."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.writelines(f"{name}: {value}\n" for name, value in headers.items())
