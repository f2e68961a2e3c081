"""Settings come from the environment, or from a file `.env` beside manage.py."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


class Environment:
    """Variables of the process; where one is not set, that of the file."""

    def __init__(self, file: Path) -> None:
        self._file = read_file(file) if file.exists() else {}

    def text(self, name: str, default: str | None = None) -> str:
        """The value, or the default. Raises ImproperlyConfigured where there is neither."""
        value = os.environ.get(name, self._file.get(name, default))
        if value is None:
            raise ImproperlyConfigured(f"{name} is not set, neither in the environment nor in .env")
        return value

    def flag(self, name: str, default: bool) -> bool:
        return self.text(name, str(default)).strip().lower() in ("1", "true", "yes", "on")

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}") from None

    def items(self, name: str, default: str = "") -> list[str]:
        return [item.strip() for item in self.text(name, default).split(",") if item.strip()]


def read_file(file: Path) -> dict[str, str]:
    """KEY=VALUE lines; quotes around a value are taken off, comments skipped."""
    found = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("\"'")
    return found
