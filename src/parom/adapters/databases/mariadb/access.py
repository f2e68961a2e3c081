"""How a server is reached, in this process and by MariaDB's own programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from parom.durable import write_atomically
from parom.scratch import scratch_folder

PORT = 3306


@dataclass(frozen=True)
class Access:
    """Where the application's database is, as its own settings say."""

    name: str
    host: str = "127.0.0.1"
    port: int = PORT
    user: str = ""
    password: str = field(default="", repr=False)
    prefix: str = ""
    """With what the names of its versions begin; empty for what the name gives."""

    @property
    def location(self) -> str:
        """For people; without the user, whose name is half of the credentials."""
        return f"mariadb://{self.host}:{self.port}/{self.name}"

    @contextmanager
    def defaults(self) -> Iterator[Path]:
        """The same for a program: a file of mode 600 that is there as long as this lasts."""
        with scratch_folder("pass") as folder:
            file = Path(folder, "client.cnf")
            told = {
                "host": self.host,
                "port": str(self.port),
                "user": self.user,
                "password": self.password,
                "protocol": "TCP",
            }
            lines = [f"{key}={_escaped(value)}" for key, value in told.items() if value]
            write_atomically(file, "\n".join(["[client]", *lines, ""]).encode(), 0o600)
            yield file


def _escaped(value: str) -> str:
    """As an option file has it: in quotes, where a backslash begins an escape."""
    inside = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inside}"'
