"""Starts the processes of a backup and hears how they ended."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyrage

from parom.adapters.vaults.cipher import DamagedError
from parom.environment import clean_environment

_PIPE = 1 << 20
"""What an ordinary user may give a pipe: stages that wait for a core wait less for each other."""
_PYTHON = (sys.executable, "-P", "-m")
_CIPHER = (*_PYTHON, "parom.adapters.vaults.cipher")
_STORING = (*_PYTHON, "parom.adapters.vaults.storing")


class Stage:
    """One process of the pipeline. Leaving the `with` block ends it, however it got on."""

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        stdin: int | IO[bytes] = subprocess.PIPE,
        passed: Sequence[int] = (),
    ) -> None:
        self._name = Path(argv[0]).name
        self._process = subprocess.Popen(
            argv,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=passed,
            env=clean_environment(),
            bufsize=0,
        )
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _widen(stream)

    @classmethod
    def encrypting(
        cls, program: Path | None, recipients: Sequence[pyrage.x25519.Recipient]
    ) -> Self:
        """Encrypts its input to its output, with `program` or, without one, with pyrage."""
        names = list(map(str, recipients))
        if program is None:
            return cls([*_CIPHER, "encrypt", *names])
        return cls([program, *(f"--recipient={name}" for name in names)])

    @classmethod
    def decrypting(
        cls,
        program: Path | None,
        identities: Sequence[pyrage.x25519.Identity],
        stdin: int | IO[bytes] = subprocess.PIPE,
    ) -> Self:
        """Decrypts its input to its output."""
        readable, writable = os.pipe()
        with os.fdopen(writable, "w", encoding="ascii") as keys:
            keys.write("\n".join(map(str, identities)))  # an identity file fits into a pipe
        argv = [*_CIPHER, "decrypt", str(readable)]
        if program is not None:
            argv = [str(program), "--decrypt", f"--identity=/dev/fd/{readable}"]
        try:
            return cls(argv, stdin=stdin, passed=[readable])
        finally:
            os.close(readable)

    @classmethod
    def storing(
        cls, file: Path, proof: Sequence[str | Path], source: Stage, decrypting: Stage
    ) -> Self:
        """Keeps what `source` puts out in `file` and proves what `decrypting` makes of it.

        `proof` is how, in the words of `storing.py`.
        """
        given, taken = decrypting.input.fileno(), decrypting.output.fileno()
        argv = [*_STORING, str(os.getpid()), file, str(given), str(taken), *proof]
        stage = cls(argv, stdin=source.output, passed=[given, taken])
        # Theirs alone from now on: a stage comes to its end when its neighbour does.
        for stream in (source.output, decrypting.input, decrypting.output):
            stream.close()
        return stage

    @property
    def input(self) -> FileIO:
        stream = self._process.stdin
        assert isinstance(stream, FileIO)  # noqa: S101 - asked of stages that have one
        return stream

    @property
    def output(self) -> FileIO:
        stream = self._process.stdout
        assert isinstance(stream, FileIO)  # noqa: S101 - every stage has one
        return stream

    def answer(self) -> dict[str, Any]:
        """The next line of JSON on its output. Raises what it met, as `finish`."""
        line = bytearray()
        while not line.endswith(b"\n") and (byte := self.output.read(1)):
            line += byte
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            self.finish()
            raise self._broken("") from None
        _raise(said)
        return said

    def finish(self) -> None:
        """Wait for its end.

        Raises what it met: pyrage.DecryptError (no key fits), `DamagedError`, OSError,
        BrokenPipeError among them where its reader was gone first;
        ChildProcessError where the `age` program failed, which tells reasons to people only.
        """
        stderr = self._process.stderr
        assert stderr is not None  # noqa: S101 - every stage has one
        text = b"" if stderr.closed else stderr.read()
        status = self._process.wait()
        if status == 0:
            return
        if status == -signal.SIGPIPE:
            raise BrokenPipeError(errno.EPIPE, f"{self._name} of the backup was not read any more")
        shown = text.decode("utf-8", "replace").strip()
        try:
            said = json.loads(shown.splitlines()[-1])
        except (IndexError, ValueError):
            raise self._broken(shown[-2000:]) from None
        _raise(said)
        raise self._broken(shown[-2000:])

    def _broken(self, text: str) -> ChildProcessError:
        status = self._process.returncode
        return ChildProcessError(f"{self._name} of the backup ended with status {status}: {text}")

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
            if stream is not None:
                stream.close()


def _raise(said: dict[str, Any]) -> None:
    match said.get("kind"):
        case "wrong-key":
            raise pyrage.DecryptError(said["why"])
        case "damaged":
            raise DamagedError(said["why"])
        case "system":
            raise OSError(said["errno"], said["why"])


def _widen(stream: IO[bytes]) -> None:
    """A pipe of a megabyte instead of 64 KiB: fewer changes between the processes."""
    # Refused where the user's share of pipe memory is used up (pipe(7)); it works all the same.
    with contextlib.suppress(PermissionError):
        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
