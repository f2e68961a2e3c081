"""The age stages of a backup, each a process of its own.

pyrage holds Python's lock while it encrypts, so that threads beside it would stand still.

    python -P -m parom.adapters.vaults.cipher encrypt FILE NOTICES RECIPIENT...
    python -P -m parom.adapters.vaults.cipher decrypt FILE NOTICES KEYS

`encrypt` reads standard input and writes FILE; after each write it puts the size so far on
the descriptor NOTICES. `decrypt` follows FILE by those notices (with -1 the file is whole)
and writes to standard output; the identities come by the descriptor KEYS, since arguments
can be read by everybody. Each ends with one line of JSON on standard error.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pyrage

from parom.adapters.vaults.streams import (
    BUFFER,
    Following,
    Noticing,
    Reader,
    Remembering,
    Writer,
)


class DamagedError(Exception):
    """The ciphertext is not what age once wrote."""


def main(arguments: list[str]) -> int:
    """One stage; the exit status is 0 where all went through."""
    action, file, notices, *rest = arguments
    try:
        if action == "encrypt":
            said = _encrypt(Path(file), int(notices), rest)
        else:
            said = _decrypt(Path(file), int(notices), int(rest[0]))
    except pyrage.DecryptError as problem:
        said = {"kind": "wrong-key", "why": str(problem)}
    except DamagedError as problem:
        said = {"kind": "damaged", "why": str(problem)}
    except OSError as problem:
        said = {"kind": "system", "errno": problem.errno, "why": problem.strerror or str(problem)}
    print(json.dumps(said), file=sys.stderr)  # noqa: T201 - this is how the stage answers
    return 1 if "kind" in said else 0


def _encrypt(path: Path, notices: int, names: list[str]) -> dict[str, object]:
    recipients = [pyrage.x25519.Recipient.from_str(name) for name in names]
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=0) as file:
        noticing = Noticing(file, notices, hashlib.sha256())
        with os.fdopen(0, "rb", buffering=BUFFER) as source:
            _through(pyrage.encrypt_io, source, noticing, recipients)
        noticing.end()
        os.fsync(file.fileno())
    return {"size": noticing.size, "sha256": noticing.digest.hexdigest()}


def _decrypt(path: Path, notices: int, keys: int) -> dict[str, object]:
    with os.fdopen(keys, encoding="ascii") as given:
        identities = [pyrage.x25519.Identity.from_str(line) for line in given.read().split()]
    with os.fdopen(1, "wb", buffering=BUFFER) as out:
        if notices < 0:
            with path.open("rb", buffering=BUFFER) as source:
                _through(pyrage.decrypt_io, source, out, identities)
        else:
            _through(pyrage.decrypt_io, Following(path, notices), out, identities)
    return {}


def _through(
    work: Callable[..., None], source: Reader, target: Writer, keys: Sequence[object]
) -> None:
    """Run a function of pyrage over two streams.

    It wraps what streams raise, now in one exception, now in another; so they remember it.
    Raises their OSError, `DamagedError`, or pyrage.DecryptError where no key fits.
    """
    failures: list[OSError] = []
    try:
        work(Remembering(source, failures), Remembering(target, failures), keys)
    except Exception as problem:
        if failures:
            raise failures[0] from None
        if isinstance(problem, OSError):  # pyrage's answer to a chunk that is not authentic
            raise DamagedError(str(problem)) from None
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
