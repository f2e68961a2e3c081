"""Encrypts or decrypts where there is no `age` program, as a process of its own.

pyrage holds Python's lock while it works, so that threads beside it would stand still.

    python -P -m parom.adapters.vaults.cipher encrypt RECIPIENT...
    python -P -m parom.adapters.vaults.cipher decrypt KEYS

Both read standard input and write standard output. The identities come by the descriptor
KEYS, since arguments can be read by everybody. A failure is told in a line of JSON on
standard error.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence

import pyrage

from parom.adapters.vaults.streams import BUFFER, Reader, Remembering, Writer


class DamagedError(Exception):
    """The ciphertext is not what age once wrote."""


def main(arguments: list[str]) -> int:
    """One stage; the exit status is 0 where all went through."""
    action, *rest = arguments
    try:
        if action == "encrypt":
            recipients = [pyrage.x25519.Recipient.from_str(name) for name in rest]
            _through(pyrage.encrypt_io, recipients)
        else:
            with os.fdopen(int(rest[0]), encoding="ascii") as given:
                lines = given.read().split()
            identities = [pyrage.x25519.Identity.from_str(line) for line in lines]
            _through(pyrage.decrypt_io, identities)
    except pyrage.DecryptError as problem:
        said: dict[str, object] = {"kind": "wrong-key", "why": str(problem)}
    except DamagedError as problem:
        said = {"kind": "damaged", "why": str(problem)}
    except OSError as problem:
        said = {"kind": "system", "errno": problem.errno, "why": problem.strerror or str(problem)}
    else:
        return 0
    print(json.dumps(said), file=sys.stderr)  # noqa: T201 - this is how the stage answers
    return 1


def _through(work: Callable[..., None], keys: Sequence[object]) -> None:
    """Run a function of pyrage over standard input and output.

    It wraps what streams raise, now in one exception, now in another; so they remember it.
    Raises their OSError, `DamagedError`, or pyrage.DecryptError where no key fits.
    """
    failures: list[OSError] = []
    source: Reader = os.fdopen(0, "rb", buffering=BUFFER)
    target: Writer = Remembering(os.fdopen(1, "wb", buffering=BUFFER), failures)
    try:
        work(Remembering(source, failures), target, keys)
        target.flush()
    except Exception as problem:
        if failures:
            raise failures[0] from None
        if isinstance(problem, OSError):  # pyrage's answer to a chunk that is not authentic
            raise DamagedError(str(problem)) from None
        raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
