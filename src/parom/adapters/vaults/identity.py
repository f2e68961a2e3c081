"""age identities (private keys) and recipients (public keys)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage

from parom.errors import vault as errors
from parom.words.said import said

_PREFIX = "AGE-SECRET-KEY-1"
_LARGEST = 65536


def create(path: Path) -> str:
    """Make an identity file that only its owner can read; returns the public key.

    Raises `vault.identity-exists`.
    """
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise errors.identity_exists(path) from None
    except OSError as problem:
        raise errors.identity_unwritable(path, problem.strerror or str(problem)) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(f"# public key: {public}\n{identity}\n")
        out.flush()
        os.fsync(out.fileno())
    return public


def an_example() -> str:
    """A public key whose private key nobody has, to try a configuration with."""
    return str(pyrage.x25519.Identity.generate().to_public())


def read(path: Path) -> list[pyrage.x25519.Identity]:
    """The identities of a file. Raises `vault.identity-missing` or `vault.identity-bad`."""
    try:
        text = path.read_bytes()[:_LARGEST].decode("ascii", "replace")
    except FileNotFoundError:
        raise errors.identity_missing(path) from None
    except OSError as problem:
        raise errors.identity_bad(path, problem.strerror or said("it cannot be read")) from None
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("age-encryption.org/"):
        raise errors.identity_bad(path, said("it is encrypted with a passphrase; decrypt it first"))
    found = []
    for line in lines:
        if line.startswith("#"):
            continue
        try:
            found.append(pyrage.x25519.Identity.from_str(line))
        except pyrage.IdentityError:  # the text is not repeated: it may be a damaged secret
            raise errors.identity_bad(path, said("a line in it is no identity")) from None
    if not found:
        raise errors.identity_bad(path, said("it is empty"))
    return found


def recipients_of(names: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys from their text. Raises `vault.no-recipients`, `vault.bad-recipient`."""
    if not names:
        raise errors.no_recipients()
    found = []
    for name in names:
        try:
            found.append(pyrage.x25519.Recipient.from_str(name))
        except pyrage.RecipientError:
            raise errors.bad_recipient(name) from None
    return found
