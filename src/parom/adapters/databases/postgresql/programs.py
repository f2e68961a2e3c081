"""PostgreSQL's own programs: which of them fits a server, and how they are run."""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from parom.environment import clean_environment
from parom.errors import postgresql as errors
from parom.parent import end_with

_USUAL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/postgresql*/bin")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_ERROR = re.compile(r"^\S+: (?:error|fatal): (.*\S)", re.MULTILINE)
_EVERY_S, _ASK_S = 0.2, 20
_SAID_BYTES = 2000


@dataclass(frozen=True)
class Programs:
    """Those of one folder, or those of `PATH` and the usual places."""

    folder: Path | None = None

    def path_of(self, name: str, server: int) -> Path:
        """The program of the server's major version, or of the next one that is there: older
        ones do not know the server, newer ones write what it may not know.

        Raises `database.no-program`.
        """
        found = sorted(
            (version, path) for path in self.all_of(name) if (version := version_of(path))
        )
        for version, path in found:
            if version >= server:
                return path
        shown = ", ".join(f"{path} ({version})" for version, path in found)
        raise errors.no_program(name, server, shown)

    def all_of(self, name: str) -> Iterator[Path]:
        """Where the program may be; not each of them exists."""
        if self.folder is not None:
            yield self.folder / name
            return
        on_path = shutil.which(name)
        if on_path:
            yield Path(on_path)
        for pattern in _USUAL:
            yield from (Path(one, name) for one in glob.glob(pattern))  # noqa: PTH207


@dataclass(frozen=True)
class Ran:
    """How a program ended, and the last of what it said."""

    exit_code: int
    output: str
    said: str

    @property
    def reason(self) -> str:
        """Only what the program itself calls an error: other lines hold rows."""
        found = _ERROR.findall(self.said)
        return "; ".join(found[-2:]) or f"exit code {self.exit_code}"


def run(
    argv: Sequence[str | Path],
    environment: Mapping[str, str],
    watch: Callable[[], None] = lambda: None,
) -> Ran:
    """Run a program to its end. It ends with this process, however that ends: a dump that goes
    on would keep its locks, and the next migration waiting. `watch` is called meanwhile; what
    it raises ends the program and passes.
    """
    launched = [sys.executable, "-P", "-m", __name__, str(os.getpid()), *map(str, argv)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            launched,
            env=clean_environment({"LC_ALL": "C", **environment}),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        try:
            while True:
                try:
                    code = process.wait(_EVERY_S)
                    break
                except subprocess.TimeoutExpired:
                    watch()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        out.seek(0)
        length = err.seek(0, os.SEEK_END)
        err.seek(max(0, length - _SAID_BYTES))
        return Ran(code, out.read().decode(errors="replace"), err.read().decode(errors="replace"))


def version_of(program: Path) -> int:
    """Its major version; zero for what is no program of PostgreSQL."""
    try:
        asked = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=False,
            env=clean_environment(),
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = _VERSION.search(asked.stdout)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - no shell
