"""A file with secrets, for its owner only: a token, or addresses with passwords in them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from parom.errors import notices as errors
from parom.words.said import said

_LONGEST = 100_000


def secret_lines(path: Path) -> tuple[str, ...]:
    """Its lines without empty ones and those that begin with `#`.

    Raises `notice.secret-file`, which says nothing of what is in it.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_LONGEST).decode("utf-8-sig")
    except OSError as problem:
        raise errors.secret_file(path, problem.strerror or said("it cannot be read")) from None
    except UnicodeDecodeError:
        raise errors.secret_file(path, said("it is not a text in UTF-8")) from None
    if mode & 0o077:
        raise errors.secret_file(path, said("others than its owner may read it (chmod 600)"))
    lines = (line.strip() for line in text.splitlines())
    found = tuple(line for line in lines if line and not line.startswith("#"))
    if not found:
        raise errors.secret_file(path, said("it is empty"))
    return found
