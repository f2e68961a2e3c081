"""The flag file `.env.maintenance`: on while it says SYSTEM_MAINTENANCE=true."""

from __future__ import annotations

from pathlib import Path

ON = b"SYSTEM_MAINTENANCE=true\n"


class Flag:
    """Looked at once a request by one `stat`; read again when it changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._on = False

    def is_on(self) -> bool:
        """Absent is off. A file that is there and cannot be read is on: it was put there
        for a reason, and showing the page by mistake costs less than writing by mistake."""
        try:
            status = self._file.stat()
        except FileNotFoundError:
            self._seen = None
            return False
        except OSError:
            return True
        seen = (status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            try:
                self._on = says_on(self._file.read_bytes()[:4096])
            except FileNotFoundError:
                return False
            except OSError:
                return True
            self._seen = seen
        return self._on


def says_on(content: bytes) -> bool:
    for line in content.decode("utf-8", "replace").splitlines():
        name, _, value = line.strip().partition("=")
        if name.strip() == "SYSTEM_MAINTENANCE":
            return value.strip().strip("\"'").lower() in ("true", "1", "yes", "on")
    return False
