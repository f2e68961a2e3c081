"""MariaDB's own program for copies, and how it is run."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.databases.postgresql.programs import run
from parom.environment import clean_environment
from parom.errors.mariadb import no_program

_NAMES = ("mariadb-dump", "mysqldump")
_IS_MARIADB = re.compile(r"\bMariaDB\b")
_ERROR = re.compile(r"^\S*(?:mariadb-dump|mysqldump): (.*\S)", re.MULTILINE)
_ASK_S = 20


@dataclass(frozen=True)
class Programs:
    """Those of one folder, or those of `PATH`."""

    folder: Path | None = None

    def dump(self) -> Path:
        """Raises `database.no-program`; MySQL's program of that name writes something else."""
        for path in self._candidates():
            if _IS_MARIADB.search(_version_of(path)):
                return path
        raise no_program()

    def _candidates(self) -> Iterator[Path]:
        for name in _NAMES:
            if self.folder is not None:
                yield self.folder / name
            elif found := shutil.which(name):
                yield Path(found)


def dumped(program: Path, defaults: Path, arguments: list[str], watch: Callable[[], None]) -> str:
    """Run it; why it failed, or nothing. It ends with this process."""
    ran = run([program, f"--defaults-file={defaults}", *arguments], {}, watch)
    if not ran.exit_code:
        return ""
    found = _ERROR.findall(ran.said)
    return "; ".join(found[-2:]) or f"exit code {ran.exit_code}"


def _version_of(program: Path) -> str:
    try:
        asked = subprocess.run(
            [program, "--no-defaults", "--version"],
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=False,
            env=clean_environment(),
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout
