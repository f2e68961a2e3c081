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
from parom.steps.room import needs_of, parent_that_exists, too_little
from parom.words.said import said

_OLDEST_SANE_YEAR = 2025
_FICLONE = 0x40049409
"""The ioctl that shares a file's blocks with another; from linux/fs.h."""


def root(patient: Patient) -> Iterator[Observation]:
    """Whether the installation's folder can be there, and whose it is."""
    folder = patient.config.project.root
    if folder.exists() and not folder.is_dir():
        yield wrong(
            "root.no-folder",
            said("{folder} is not a folder.", folder=folder),
            said("Correct project.root in parom.toml."),
        )
        return
    if not folder.parent.is_dir():
        yield of_problem(host_errors.no_parent(folder))
        return
    if not folder.exists():
        yield note(
            "root.new",
            said("{folder} is not there yet; the first deployment makes it.", folder=folder),
        )
    place = folder if folder.exists() else folder.parent
    if not os.access(place, os.W_OK | os.X_OK):
        yield wrong(
            "root.not-writable",
            said("{me} may not write to {place}.", me=_me(), place=place),
            said("Give it to {me} (chown), or run Parom as its owner.", me=_me()),
        )
    elif folder.exists() and folder.stat().st_uid != os.getuid():
        yield wrong(
            "root.other-owner",
            said(
                "{folder} belongs to {owner}, and you are {me}: a deployment is refused, "
                "since its files could be closed to the application.",
                folder=folder,
                owner=_name(folder.stat().st_uid),
                me=_me(),
            ),
            said("Run Parom as {owner}.", owner=_name(folder.stat().st_uid)),
        )
    else:
        yield good("root.owner", said("{place} is {me}'s to write to.", place=place, me=_me()))
    yield from _mask()


def _mask() -> Iterator[Observation]:
    mask = os.umask(0o022)
    os.umask(mask)
    if mask & 0o022 != 0o022:
        yield warning(
            "umask.open",
            said("The umask is {mask}: others may change what is made here.", mask=f"{mask:03o}"),
            said("Run Parom with `umask 022` or stricter."),
        )
    if os.getuid() == 0:
        yield note(
            "user.root", said("Parom runs as root, and so will the application's services."),
            said("Give the installation to a user of its own where that can be."),
        )  # fmt: skip


def clock(patient: Patient) -> Iterator[Observation]:
    """A clock that is wrong gives backups and runs wrong names, and retention wrong ages."""
    now = datetime.now(UTC)
    last = patient.config.state / "journal.sqlite3"
    seen = datetime.fromtimestamp(last.stat().st_mtime, UTC) if last.exists() else None
    if now.year < _OLDEST_SANE_YEAR or (seen is not None and seen > now):
        yield wrong(
            "clock.wrong",
            said(
                "The clock says {now} UTC, which is before Parom's last work here.",
                now=f"{now:%Y-%m-%d %H:%M}",
            ),
            said("Set it, best by NTP."),
        )
    else:
        yield good(
            "clock.plausible", said("The clock says {now} UTC.", now=f"{now:%Y-%m-%d %H:%M}")
        )


def file_system(patient: Patient) -> Iterator[Observation]:
    """Whether copies share blocks; informational, since everything works without."""
    place = parent_that_exists(patient.config.project.root)
    try:
        shares = _shares_blocks(place)
    except OSError:
        yield note(
            "disk.unknown-copies",
            said("Whether {place} copies by sharing is not known.", place=place),
        )
        return
    if shares:
        yield note(
            "disk.reflink",
            said("{place} shares blocks (reflink): snapshots cost no time.", place=place),
        )
    else:
        yield note("disk.no-reflink", said("{place} copies byte by byte.", place=place))


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
    found = too_little(patient.installation, patient.tree)
    for one in found:
        yield wrong("capacity", said("{fact}.", fact=one.fact), one.cure)
    if found:
        return
    if capacity.judge(needs):
        yield note(
            "capacity.spare",
            said(
                "There is room for a deployment once it has let go of the copy of the database "
                "that is kept for a return by hand."
            ),
        )
    else:
        for need in needs:
            yield good(
                "capacity",
                said(
                    "{where} has {free} free; a deployment needs about {needed} there.",
                    where=need.where,
                    free=capacity.size(need.free),
                    needed=capacity.size(need.needed),
                ),
            )


def _me() -> str:
    return _name(os.getuid())


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
