"""Reads the text of a parom.toml; light, since `parom status` must be quick."""

from __future__ import annotations

import stat
from pathlib import Path

from parom.errors import config as errors
from parom.words.said import said

_LARGEST = 1 << 20


def text_of(path: Path) -> str:
    """The file's text. Raises `config.missing`, `config.unreadable`."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise errors.unreadable(path, said("it is a folder"))
        # A pipe or a device could keep the reader waiting, or never end.
        if not stat.S_ISREG(status.st_mode):
            raise errors.unreadable(path, said("it is not a regular file"))
        if status.st_size > _LARGEST:
            raise errors.unreadable(path, said("it is larger than 1 MiB"))
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise errors.missing(path) from None
    except UnicodeDecodeError as problem:
        where = said("its byte {n} is not UTF-8", n=problem.start + 1)
        raise errors.unreadable(path, where) from None
    except OSError as problem:
        raise errors.unreadable(path, problem.strerror or str(problem)) from None
    except ValueError:  # a name with a NUL character
        raise errors.missing(path) from None
