"""The flag file, the key of the pass beside it, and whether an opening is under way."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from parom_site.bypass import HEADER, LONGEST_S, sign
from parom_site.flag import ON, Flag

from parom.durable import clear_abandoned, fsync_directory, write_atomically

_KEY_MODE = 0o640


class MaintenanceFlag:
    """`file` is what the application and the proxy in front look at; `state` Parom's folder.

    The key lives as long as the flag: after an opening no pass is valid any more.
    """

    def __init__(self, file: Path, state: Path) -> None:
        self.file = file
        self._key = file.with_name(file.name + ".key")
        self._opening = state / "gateway" / "opening"

    def is_on(self) -> bool:
        """Also where a person put it up by hand."""
        return Flag(self.file).is_on()

    def is_opening(self) -> bool:
        """Whether it is to be taken down as soon as the services serve."""
        return self._opening.exists()

    def put_up(self) -> None:
        """Show the maintenance page, and have a key before the first check needs a pass."""
        if self._opening.exists():
            self._opening.unlink()
            fsync_directory(self._opening.parent)
        self.file.parent.mkdir(parents=True, exist_ok=True)
        if not self._key.exists():
            write_atomically(self._key, secrets.token_hex(32).encode(), _KEY_MODE)
            self._give_to_application(self._key)
        if not self.is_on():
            write_atomically(self.file, ON)

    def announce_opening(self) -> None:
        """From now on it comes down with the first sign that the services serve."""
        if not self.is_on():
            return
        self._opening.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._opening, b"", 0o600)

    def take_down(self) -> None:
        """Let the public in; absent is fine."""
        # The flag first: without a key nobody passes a flag that is still up.
        for file in (self.file, self._key, self._opening):
            if file.parent.exists():
                clear_abandoned(file)
            if file.exists() or file.is_symlink():
                file.unlink()
                fsync_directory(file.parent)

    def headers(self) -> dict[str, str]:
        """A fresh pass; none where the flag is down."""
        try:
            key = self._key.read_bytes()
        except FileNotFoundError:
            return {}
        return {HEADER: sign(key, LONGEST_S)}

    def _give_to_application(self, file: Path) -> None:
        """The application runs as whoever owns its folder, not as root."""
        if os.geteuid() == 0:
            owner = file.parent.stat()
            os.chown(file, owner.st_uid, owner.st_gid)
