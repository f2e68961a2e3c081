"""The [database] table of a draft, for a database on a server."""

from __future__ import annotations

from parom.config.example import Setting
from parom.facts import DatabaseSettings
from parom.inspect.asking import Answers
from parom.inspect.project import ProjectInspection
from parom.inspect.server_found import AddressFound
from parom.inspect.wishes import Key
from parom.words.said import said

_CARRIED = frozenset({"postgresql", "postgresql_psycopg2", "postgis"})
_FILES = frozenset({"sqlite3", "spatialite"})
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_USUAL_PORT, _POOLERS_PORT = "5432", "6432"


def server_of(found: ProjectInspection, answers: Answers | None) -> DatabaseSettings | None:
    """The database on a server that the settings name; None for a file, or where nothing is known.

    What the application says counts before what its settings were read as.
    """
    facts = answers.facts if answers else None
    if facts is not None:
        return None if _kind(facts.database) in _FILES else facts.database
    return found.server.server.settings if found.server.server else None


def server_settings(
    found: ProjectInspection, answers: Answers | None, named: DatabaseSettings, home: str
) -> dict[Key, Setting]:
    """[database], and the environment file where an address or a password has to be in one."""
    if _kind(named) not in _CARRIED:
        return {("database", "path"): Setting(home + "db.sqlite3", (_not_carried(named),), True)}
    asked = answers is not None and answers.facts is not None
    read = found.server.server
    how = said("the application says so") if asked or read is None else read.how
    remarks = (how, *((_wants_it_empty(),) if home else ()))
    settings: dict[Key, Setting] = {("database", "type"): Setting("postgresql", remarks)}
    address = _address(found, named)
    variable = read.address if read else ""
    if address is not None:
        settings["database", "url_variable"] = _url(found, address, variable)
    elif variable and not (read and read.address_file):
        settings["database", "url_variable"] = _url_to_write(variable)
    else:
        settings |= _apart(found, named, how)
    return settings | _file_to_write(found, settings, home)


def notes_on_server(found: ProjectInspection, named: DatabaseSettings | None) -> tuple[str, ...]:
    """What a person should know of it, in whole sentences."""
    if named is None:
        told_by, files = found.server.told_by, found.environment_files
        if told_by and not files:
            return (_told_by(told_by),)
        return ()
    read = found.server.server
    if read is None or _kind(named) not in _CARRIED:
        return ()
    notes = []
    if read.holds_password:
        notes.append(
            said(
                "The settings hold the database's password themselves, and Parom does not take it "
                "from there: put it into the environment file and name its variable in "
                "database.password_variable."
            )
        )
    if read.options:
        notes.append(
            said(
                "The settings give OPTIONS of libpq ({names}): Parom needs them in "
                "database.options too.",
                names=", ".join(read.options),
            )
        )
    return tuple(notes)


def _address(found: ProjectInspection, named: DatabaseSettings) -> AddressFound | None:
    """The variable with the address of this very database; what the settings read comes first."""
    read = found.server.server
    same = [one for one in found.server.addresses if _same(one.settings, named)]
    of_settings = [one for one in same if read and one.variable == read.address]
    return next(iter((*of_settings, *same)), None)


def _url(found: ProjectInspection, address: AddressFound, read: str) -> Setting:
    if address.variable == read:
        how = said("{file} has it, and the settings read it", file=address.file)
    else:
        how = said("{file} has this database's address in it", file=address.file)
    doubts = [*_pooler(address.settings), *_other_file(found, address.file)]
    return Setting(address.variable, (how, *doubts), decide=bool(doubts))


def _url_to_write(variable: str) -> Setting:
    remark = said(
        "the settings read it, and no environment file here has it: write it into "
        "release.environment_file"
    )
    return Setting(variable, (remark,), decide=True)


def _apart(found: ProjectInspection, named: DatabaseSettings, how: str) -> dict[Key, Setting]:
    """Key by key, as the settings have them."""
    settings: dict[Key, Setting] = {}
    settings["database", "name"] = _name(found, named, how)
    if named.host:
        settings["database", "host"] = Setting(named.host, (how,))
    if named.port and named.port.isdecimal():
        doubts = _pooler(named)
        settings["database", "port"] = Setting(int(named.port), (how, *doubts), decide=bool(doubts))
    if named.user:
        settings["database", "user"] = Setting(named.user, (how,))
    return settings | _password(found)


def _name(found: ProjectInspection, named: DatabaseSettings, how: str) -> Setting:
    if not named.name:
        missing = said("it was not found in the settings: name the database")
        return Setting("app", (missing,), decide=True)
    unset = found.server.server.unset if found.server.server else ()
    if not unset:
        return Setting(named.name, (how,))
    doubt = said(
        "the settings read {variables}, which no environment file here sets: see whether "
        "production means this database, on this host",
        variables=", ".join(unset),
    )
    return Setting(named.name, (how, doubt), decide=True)


def _password(found: ProjectInspection) -> dict[Key, Setting]:
    """The variable that holds it; what it holds is read by no one here."""
    key, read = ("database", "password_variable"), found.server.server
    if read and read.password:
        if read.password_file:
            how = said("{file} has it, and the settings read it", file=read.password_file)
            doubts = _other_file(found, read.password_file)
            return {key: Setting(read.password, (how, *doubts), decide=bool(doubts))}
        return {key: _url_to_write(read.password)}
    if (read and read.holds_password) or not found.server.passwords:
        return {}
    variable, file = found.server.passwords[0]
    remark = said("{file} has it, and by its name it is the password", file=file)
    return {key: Setting(variable, (remark,), decide=True)}


def _file_to_write(
    found: ProjectInspection, settings: dict[Key, Setting], home: str
) -> dict[Key, Setting]:
    named = [
        str(settings["database", key].value)
        for key in ("url_variable", "password_variable")
        if ("database", key) in settings
    ]
    if found.environment_files or not named:
        return {}
    remark = said(
        "no environment file was found here: write it, with {variable} in it, for its owner only "
        "(chmod 600)",
        variable=named[0],
    )
    return {("release", "environment_file"): Setting(home + ".env", (remark,), decide=True)}


def _pooler(named: DatabaseSettings) -> list[str]:
    if named.port != _POOLERS_PORT:
        return []
    return [
        said(
            "port 6432 is mostly a pooler's (pgbouncer), and both the application and Parom must "
            "reach the server itself (docs/how-to/postgresql.md)"
        )
    ]


def _other_file(found: ProjectInspection, file: str) -> list[str]:
    first = found.environment_files[0].value
    if file == first:
        return []
    return [
        said(
            "it stands in {file}, and Parom reads release.environment_file, which is {first}",
            file=file,
            first=first,
        )
    ]


def _told_by(variable: str) -> str:
    return said(
        "The settings read {variable}, and no environment file was found here: where production "
        "sets it to a PostgreSQL address, set database.type and database.url_variable.",
        variable=variable,
    )


def _wants_it_empty() -> str:
    return said(
        "a new installation begins with an empty database; where an application already works "
        "with this one, run `parom init --layout in-place` in its folder, and `parom adopt` moves "
        "it to releases"
    )


def _not_carried(named: DatabaseSettings) -> str:
    if _kind(named) == "mysql":
        return said(
            "the settings name {engine}: on a MariaDB server from 10.6 on, write the type "
            '"mariadb" and its keys here by hand (docs/how-to/mariadb.md); MySQL is refused',
            engine=named.engine,
        )
    return said(
        "the settings name {engine}, which Parom does not carry: SQLite and PostgreSQL it does. It "
        "would take the application on PostgreSQL, or an adapter for {engine} with copies that can "
        "be swapped in at once and a capture of rows; until then a deployment is refused",
        engine=named.engine,
    )


def _same(one: DatabaseSettings, other: DatabaseSettings) -> bool:
    """Whether both mean one database on one server."""
    same_host = one.host == other.host or {one.host, other.host} <= _HERE
    ports = {one.port or _USUAL_PORT, other.port or _USUAL_PORT}
    return same_host and len(ports) == 1 and one.name == other.name


def _kind(named: DatabaseSettings) -> str:
    return named.engine.rpartition(".")[2]
