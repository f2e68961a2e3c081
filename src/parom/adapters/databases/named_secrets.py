"""What parom.toml names of a server's database and does not hold: an address, a password."""

from __future__ import annotations

from parom.appside.envfile import read_env_file
from parom.config.model import Config
from parom.errors import postgresql as errors
from parom.words.said import said

_MOST_BYTES = 4096


def password_of(config: Config) -> str:
    """Empty where none is named. Raises `database.no-address`."""
    table = config.database
    if table.password_variable:
        return variable_of(config, table.password_variable)
    if not table.password_file:
        return ""
    file = config.project.root / table.password_file
    try:
        with file.open("rb") as opened:
            return opened.read(_MOST_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise errors.no_address(str(file), said("the file cannot be read")) from None


def variable_of(config: Config, name: str) -> str:
    """A variable of the environment file. Raises `database.no-address`."""
    file = config.project.root / config.release.environment_file
    try:
        variables = read_env_file(file)
    except OSError:
        raise errors.no_address(str(file), said("the file cannot be read")) from None
    if not variables.get(name):
        raise errors.no_address(name, said("{file} does not set it", file=file))
    return variables[name]
