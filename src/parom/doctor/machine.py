"""The machine under the installation: folder, disk, clock, file system."""

from __future__ import annotations

import fcntl
import os
import pwd
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from parom.doctor.observation import Observation, good, note, of_problem, warning, wrong
from parom.doctor.patient import Patient
from parom.errors import host as host_errors
from parom.gates import capacity
from parom.steps.room import needs_of, parent_that_exists

_OLDEST_SANE_YEAR = 2025
_FICLONE = 0x40049409
"""The ioctl that shares a file's blocks with another; from linux/fs.h."""


def root(patient: Patient) -> Iterator[Observation]:
    """Whether the installation's folder can be there, and whose it is."""
    folder = patient.config.project.root
    if folder.exists() and not folder.is_dir():
        yield wrong(
            "root.no-folder", f"{folder} is not a folder.", "Correct project.root in parom.toml."
        )
        return
    if not folder.parent.is_dir():
        yield of_problem(host_errors.no_parent(folder))
        return
    if not folder.exists():
        yield note("root.new", f"{folder} is not there yet; the first deployment makes it.")
    place = folder if folder.exists() else folder.parent
    if not os.access(place, os.W_OK | os.X_OK):
        yield wrong(
            "root.not-writable",
            f"{_me()} may not write to {place}.",
            f"Give it to {_me()} (chown), or run Parom as its owner.",
        )
    elif folder.exists() and folder.stat().st_uid != os.getuid():
        yield wrong(
            "root.other-owner",
            f"{folder} belongs to {_name(folder.stat().st_uid)}, and you are {_me()}: a "
            "deployment is refused, since its files could be closed to the application.",
            f"Run Parom as {_name(folder.stat().st_uid)}.",
        )
    else:
        yield good("root.owner", f"{place} is {_me()}'s to write to.")
    yield from _mask()


def _mask() -> Iterator[Observation]:
    mask = os.umask(0o022)
    os.umask(mask)
    if mask & 0o022 != 0o022:
        yield warning(
            "umask.open",
            f"The umask is {mask:03o}: others may change what is made here.",
            "Run Parom with `umask 022` or stricter.",
        )
    if os.getuid() == 0:
        yield note(
            "user.root", "Parom runs as root, and so will the application's services.",
            "Give the installation to a user of its own where that can be.",
        )  # fmt: skip


def clock(patient: Patient) -> Iterator[Observation]:
    """A clock that is wrong gives backups and runs wrong names, and retention wrong ages."""
    now = datetime.now(UTC)
    last = patient.config.state / "journal.sqlite3"
    seen = datetime.fromtimestamp(last.stat().st_mtime, UTC) if last.exists() else None
    if now.year < _OLDEST_SANE_YEAR or (seen is not None and seen > now):
        yield wrong(
            "clock.wrong",
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, which is before Parom's last work here.",
            "Set it, best by NTP.",
        )
    else:
        yield good("clock.plausible", f"The clock says {now:%Y-%m-%d %H:%M} UTC.")


def file_system(patient: Patient) -> Iterator[Observation]:
    """Whether copies share blocks; informational, since everything works without."""
    place = parent_that_exists(patient.config.project.root)
    try:
        shares = _shares_blocks(place)
    except OSError:
        yield note("disk.unknown-copies", f"Whether {place} copies by sharing is not known.")
        return
    said = "shares blocks (reflink): snapshots cost no time" if shares else "copies byte by byte"
    yield note("disk.reflink" if shares else "disk.no-reflink", f"{place} {said}.")


def _shares_blocks(place: Path) -> bool:
    """Tried with two files that have no name, so that nothing is seen to change."""
    flags = os.O_TMPFILE | os.O_RDWR
    first = os.open(place, flags, 0o600)
    try:
        second = os.open(place, flags, 0o600)
        try:
            os.write(first, b"x" * 4096)
            fcntl.ioctl(second, _FICLONE, first)
        except OSError:
            return False
        finally:
            os.close(second)
    finally:
        os.close(first)
    return True


def space(patient: Patient) -> Iterator[Observation]:
    """What a deployment would write, compared with what is free."""
    needs = needs_of(patient.installation, patient.tree)
    found = capacity.judge(needs)
    for one in found:
        yield wrong("capacity", one.fact + ".", one.cure)
    if not found:
        for need in needs:
            yield good(
                "capacity",
                f"{need.where} has {capacity.size(need.free)} free; a deployment needs about "
                f"{capacity.size(need.needed)} there.",
            )


def _me() -> str:
    return _name(os.getuid())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
