"""What was found of a database on a server; never its password."""

from __future__ import annotations

from dataclasses import dataclass

from parom.facts import DatabaseSettings


@dataclass(frozen=True)
class ServerFound:
    """As far as reading tells. `settings` has no password; its empty fields are not known."""

    settings: DatabaseSettings
    how: str
    address: str = ""
    """The variable of an environment file that holds the whole address."""
    address_file: str = ""
    """That file; empty where none has the variable."""
    password: str = ""
    """The variable that holds the password, where it is one of its own."""
    password_file: str = ""
    holds_password: bool = False
    """Whether the settings have it themselves."""
    unset: tuple[str, ...] = ()
    """Variables that the settings read for the rest, and that no environment file sets: what
    stands there is a default."""
    options: tuple[str, ...] = ()
    """Those of libpq that the settings give."""

    @property
    def kind(self) -> str:
        """Django's last word for it: postgresql, mysql, ..."""
        return self.settings.engine.rpartition(".")[2]


@dataclass(frozen=True)
class AddressFound:
    """A variable of an environment file that holds a server's address."""

    variable: str
    file: str
    settings: DatabaseSettings


@dataclass(frozen=True)
class ServerReading:
    """What was read of a server, in the settings and beside them."""

    server: ServerFound | None = None
    addresses: tuple[AddressFound, ...] = ()
    passwords: tuple[tuple[str, str], ...] = ()
    """Variables that hold a database's password by their names, each with its file."""
    told_by: str = ""
    """The variable by which the settings would be told of another database."""
