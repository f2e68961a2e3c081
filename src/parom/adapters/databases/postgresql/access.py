"""How a server is reached, in this process and by PostgreSQL's own programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from psycopg import pq

from parom.durable import write_atomically
from parom.scratch import scratch_folder

APPLICATION_NAME = "parom"
"""What sessions of Parom are called in pg_stat_activity."""
_CONNECT_S = 10


@dataclass(frozen=True)
class Access:
    """Where the application's database is, as its own settings say."""

    name: str
    host: str = ""
    """Empty for libpq's own choice: a socket of this machine."""
    port: int = 5432
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    """More parameters of libpq: sslmode, sslrootcert, ..."""
    maintenance: str = "postgres"
    """A database from which others are renamed; never one of the application."""

    @property
    def location(self) -> str:
        """For people; without the user, whose name is half of the credentials."""
        return f"postgresql://{self.host}:{self.port}/{self.name}"

    @property
    def by_socket(self) -> bool:
        """Whether a socket of this machine is used, as libpq decides it."""
        return self.host.startswith(("/", "@")) or not (self.host or self.options.get("hostaddr"))

    def parameters(self, name: str) -> dict[str, str]:
        """What libpq is told to connect to the database `name`; the password is in it."""
        own = {"host": self.host, "user": self.user, "password": self.password}
        return {
            "connect_timeout": str(_CONNECT_S),
            **self.options,
            **{key: value for key, value in own.items() if value},
            "port": str(self.port),
            "dbname": name,
            "application_name": APPLICATION_NAME,
        }

    @contextmanager
    def environment(self, name: str) -> Iterator[dict[str, str]]:
        """The same for a program: variables without the password, which a file of mode 600
        holds as long as this lasts."""
        told = self.parameters(name)
        password = told.pop("password", "")
        variables = _variables(told)
        if not password:
            yield variables
            return
        with scratch_folder("pass") as folder:
            file = Path(folder, "pass")
            line = f"*:*:*:*:{_escaped(password)}\n"
            write_atomically(file, line.encode(), 0o600)
            yield {**variables, "PGPASSFILE": str(file)}


def _variables(parameters: Mapping[str, str]) -> dict[str, str]:
    """By the names that libpq itself gives; what has none matters to no program."""
    known = {
        one.keyword.decode(): one.envvar.decode()
        for one in pq.Conninfo.get_defaults()
        if one.envvar
    }
    return {known[key]: value for key, value in parameters.items() if key in known}


def _escaped(password: str) -> str:
    """As the file has it (libpq-pgpass)."""
    return password.replace("\\", "\\\\").replace(":", "\\:")
