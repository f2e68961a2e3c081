"""Files of KEY=VALUE lines, as applications keep their settings in."""

from __future__ import annotations

import re
from pathlib import Path

_ENTRY = re.compile(
    r"""
    ^[ \t]* (?:export[ \t]+)? (?P<name>[A-Za-z_][A-Za-z0-9_]*) [ \t]*=[ \t]*
    (?:
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>[^']*)' ) [ \t]* (?:\#[^\n]*)? $
      | (?P<bare>[^\n]*) $
    )
    """,
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_ESCAPED = re.compile(r'\\(["\\$`])')


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a file, read as a shell would; nothing is expanded or run.

    Quotes around a value are taken off, and such a value may have several lines. A `#` after
    a space begins a comment outside quotes. Bytes that are not UTF-8 are kept as they are.

    Standard library only and quick to import: services are started through it.
    """
    text = path.read_text(encoding="utf-8-sig", errors="surrogateescape")
    found = {}
    for entry in _ENTRY.finditer(text):
        double, single, bare = entry.group("double", "single", "bare")
        if double is not None:
            value = _ESCAPED.sub(r"\1", double)
        elif single is not None:
            value = single
        else:
            value = _COMMENT.sub("", bare).strip()
        # The kernel takes no NUL in an environment.
        found[entry["name"]] = value.replace("\0", "")
    return found
