"""Starts the age stages (`cipher.py`) and hears how they ended."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyrage

from parom.adapters.vaults.cipher import DamagedError
from parom.adapters.vaults.streams import BUFFER
from parom.environment import clean_environment

_PIPE = 1 << 20
"""What an ordinary user may give a pipe: stages that wait for a core wait less for each other."""
_PROGRAM = (sys.executable, "-P", "-m", "parom.adapters.vaults.cipher")


class Stage:
    """One process of the pipeline. Leaving the `with` block ends it, however it got on."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    def encrypting(
        cls, file: Path, notices: int, recipients: Sequence[pyrage.x25519.Recipient]
    ) -> Self:
        """Encrypts its input to `file`; tells the descriptor `notices` how far it is."""
        argv = [*_PROGRAM, "encrypt", str(file), str(notices), *map(str, recipients)]
        return cls(_started(argv, (notices,), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL))

    @classmethod
    def decrypting(
        cls, file: Path, notices: int | None, identities: Sequence[pyrage.x25519.Identity]
    ) -> Self:
        """Decrypts `file` to its output; with `notices` while it is still being written."""
        readable, writable = os.pipe()
        with os.fdopen(writable, "w", encoding="ascii") as keys:
            keys.write("\n".join(map(str, identities)))  # an identity file fits into a pipe
        follow = -1 if notices is None else notices
        argv = [*_PROGRAM, "decrypt", str(file), str(follow), str(readable)]
        passed = (readable,) if notices is None else (readable, notices)
        try:
            process = _started(argv, passed, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        finally:
            os.close(readable)
        return cls(process)

    def input(self) -> IO[bytes]:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 - an encrypting stage has one
        return _widened(stream)

    def output(self) -> IO[bytes]:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - a decrypting stage has one
        return _widened(stream)

    def finish(self) -> dict[str, Any]:
        """Wait for its end: what it says.

        Raises what it met: pyrage.DecryptError (no key fits), `DamagedError`, OSError.
        """
        stderr = self._process.stderr
        assert stderr is not None  # noqa: S101 - opened by `_started`
        text = stderr.read().decode("utf-8", "replace") if not stderr.closed else ""
        status = self._process.wait()
        try:
            said: dict[str, Any] = json.loads(text.splitlines()[-1])
        except (IndexError, ValueError):
            message = f"a stage of the backup ended with status {status}: {text[-2000:]}"
            raise ChildProcessError(message) from None
        match said.get("kind"):
            case "wrong-key":
                raise pyrage.DecryptError(said["why"])
            case "damaged":
                raise DamagedError(said["why"])
            case "system":
                raise OSError(said["errno"], said["why"])
        return said

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None and not stream.closed:
                with contextlib.suppress(BrokenPipeError):  # it is gone; nobody reads the rest
                    stream.close()


def _started(
    argv: list[str], passed: Sequence[int], *, stdin: int, stdout: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        argv,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        pass_fds=passed,
        env=clean_environment(),
        bufsize=BUFFER,
    )


def _widened(stream: IO[bytes]) -> IO[bytes]:
    """A pipe of a megabyte instead of 64 KiB: fewer changes between the processes."""
    # Refused where the user's share of pipe memory is used up (pipe(7)); it works all the same.
    with contextlib.suppress(PermissionError):
        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
    return stream
