"""The machine on which Parom itself runs."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from parom.ends import have_ended
from parom.environment import clean_environment
from parom.facts import Finished

KEPT_BYTES = 1024 * 1024
"""How much of the beginning, and how much of the end, of each output is kept."""
WRITTEN_LIMIT_BYTES = 1024 * 1024 * 1024
"""A command that has written more than this is ended, before it fills the disk."""
GRACE_S = 5.0
"""How long a group that is ended may take after SIGTERM before it gets SIGKILL."""

_COULD_NOT_START = 127
_SLICE_S = 0.25


class LocalHost:
    """Runs commands as children, each in a process group of its own."""

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 600,
        stdin: bytes = b"",
    ) -> Finished:
        """Run a command to its end. Services that it leaves behind live on.

        Outputs go to unlinked files, not to pipes: a pipe would either keep this call
        waiting for a service that inherited it, or kill that service once it is closed.
        """
        return self.begin(argv, cwd=cwd, env=env, reads=bool(stdin)).finish(timeout_s, stdin)

    def begin(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        reads: bool = True,
    ) -> Begun:
        """Start a command; where it `reads`, its input comes when it is to go on."""
        arguments = tuple(str(argument) for argument in argv)
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - closed by Begun
        try:
            process = subprocess.Popen(
                arguments,
                cwd=cwd,
                env=clean_environment(env),
                stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        except (OSError, ValueError) as reason:
            out.close()
            err.close()
            return Begun(arguments, None, (), str(reason))
        return Begun(arguments, process, (out, err))

    def free_bytes(self, path: Path) -> int:
        """What an ordinary user may still write where `path` lies or will lie."""
        place = path.absolute()
        while not place.exists() and place != place.parent:
            place = place.parent
        status = os.statvfs(place)
        return status.f_bavail * status.f_frsize


class Begun:
    """A command that was started. Ended once, by `finish` or by `abandon`."""

    def __init__(
        self,
        arguments: tuple[str, ...],
        process: subprocess.Popen[bytes] | None,
        outputs: tuple[IO[bytes], ...],
        reason: str = "",
    ) -> None:
        self._arguments, self._process, self._outputs = arguments, process, outputs
        self._reason = reason
        self._cut = threading.Event()

    def is_running(self) -> bool:
        """Whether it has not come to its end by itself."""
        return self._process is not None and not _has_ended(self._process)

    def finish(self, timeout_s: float, stdin: bytes = b"") -> Finished:
        """Give it its input and let it come to its end; the time counts from now."""
        began, process = time.monotonic(), self._process
        if process is None:
            return Finished(self._arguments, _COULD_NOT_START, "", self._reason, 0.0)
        out, err = self._outputs
        with out, err:
            with _ended_on_the_way_out(process), _fed(process, stdin):
                in_time = _wait(process, self._outputs, began + timeout_s, self._cut)
            return Finished(
                self._arguments,
                process.returncode,
                _kept(out),
                _kept(err),
                time.monotonic() - began,
                timed_out=not in_time,
            )

    def cut_short(self) -> None:
        """Let a `finish` that another thread waits in end the command now, as at its limit."""
        self._cut.set()

    def abandon(self) -> None:
        """End it, whatever it does; a second call does nothing."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        _end_group(process)
        for output in self._outputs:
            output.close()


def _wait(
    process: subprocess.Popen[bytes],
    outputs: Sequence[IO[bytes]],
    until: float,
    cut: threading.Event,
) -> bool:
    """Wait for the end; False where a limit came first and the group was ended."""
    while True:
        left = until - time.monotonic()
        if (
            cut.is_set()
            or left <= 0
            or any(_size(output) > WRITTEN_LIMIT_BYTES for output in outputs)
        ):
            _end_group(process)
            return False
        # Not by Python's own waiting, which looks every twentieth of a second.
        if have_ended((process.pid,), min(left, _SLICE_S)):
            process.wait()
            return True


@contextmanager
def _ended_on_the_way_out(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """An interrupted wait must not leave the command running unseen."""
    try:
        yield
    except BaseException:
        _end_group(process)
        raise


@contextmanager
def _fed(process: subprocess.Popen[bytes], data: bytes) -> Iterator[None]:
    """Write standard input beside the wait, so that a command that never reads cannot block."""
    if process.stdin is None:  # it was not to read anything
        yield
        return
    pipe = process.stdin

    def feed() -> None:
        try:
            with pipe:
                pipe.write(data)
        except BrokenPipeError:
            pass  # the command ended without reading all of it, as it may

    writer = threading.Thread(target=feed, daemon=True)
    writer.start()
    yield
    # A service left behind may hold the reading end; the thread is a daemon for that case.
    writer.join(timeout=1)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM, then SIGKILL, to all that the command started and that stayed in its group.

    The leader is not reaped in between: as long as it is a zombie, its number cannot be
    given to another group.
    """
    if process.returncode is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + GRACE_S
    pause = threading.Event()
    while not _has_ended(process) and time.monotonic() < until:
        pause.wait(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """It stays a zombie."""
    if process.returncode is not None:
        return True
    how = os.WEXITED | os.WNOWAIT | os.WNOHANG
    return os.waitid(os.P_PID, process.pid, how) is not None


def _size(output: IO[bytes]) -> int:
    return os.fstat(output.fileno()).st_size


def _kept(output: IO[bytes]) -> str:
    """Head and tail of an output, with a line between that says what is missing."""
    size = _size(output)
    # pread leaves the position alone, which a service left behind may share.
    if size <= 2 * KEPT_BYTES:
        return os.pread(output.fileno(), size, 0).decode("utf-8", "replace")
    head = os.pread(output.fileno(), KEPT_BYTES, 0).decode("utf-8", "replace")
    tail = os.pread(output.fileno(), KEPT_BYTES, size - KEPT_BYTES).decode("utf-8", "replace")
    return f"{head}\n... {size - 2 * KEPT_BYTES} bytes left out ...\n{tail}"
