"""A machine on which commands run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from parom.facts import Finished


class Begun(Protocol):
    """A command that was started ahead and waits for its input."""

    def is_running(self) -> bool:
        """Whether it has not come to its end by itself."""
        ...

    def finish(self, timeout_s: float, stdin: bytes = b"") -> Finished:
        """Give it its input and let it come to its end; the time counts from now."""
        ...

    def cut_short(self) -> None:
        """Let a `finish` that another thread waits in end the command now, as at its limit."""
        ...

    def abandon(self) -> None:
        """End it, whatever it does; may be repeated."""
        ...


class Host(Protocol):
    """A machine on which commands run."""

    def begin(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> Begun:
        """Start a command that reads its input to the end before it does anything.

        What cannot be started says so when it is finished. Should Parom die, the command
        sees the end of an empty input.
        """
        ...

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 600,
        stdin: bytes = b"",
    ) -> Finished:
        """Run a command to its end. `env` is added to a small clean environment.

        A command that cannot be started gives exit code 127 and the reason in stderr.
        At the time limit its whole process group is ended and `timed_out` is set.
        """
        ...

    def free_bytes(self, path: Path) -> int:
        """What an ordinary user may still write on the file system of `path`."""
        ...
