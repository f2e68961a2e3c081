"""What can be wrong with a database on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ParomError
from parom.facts import Process
from parom.words.said import joined, said


def named_sessions(sessions: Sequence[Process]) -> str:
    """Each with its role, the server's process for it, and where it comes from."""
    each = [joined([f"{one.name} (backend {one.pid}: ", one.command, ")"], "") for one in sessions]
    return joined(each, "; ")


def unreachable(location: str, reason: str) -> ParomError:
    return ParomError(
        "database.unreachable",
        said(
            "The database {location} does not answer: {reason}.", location=location, reason=reason
        ),
        said(
            "See that the server runs, and that address, name and password in the "
            "application's settings are right."
        ),
        can_retry=True,
    )


def through_pooler(location: str) -> ParomError:
    return ParomError(
        "database.pooled",
        said(
            "Between Parom and {location} is a connection pooler, which answers for the server.",
            location=location,
        ),
        said(
            "Let the settings and parom.toml name the server's own host and port. "
            "Nothing was changed."
        ),
    )


def held(database: str, sessions: Sequence[Process]) -> ParomError:
    named = named_sessions(sessions)
    return ParomError(
        "database.held",
        said(
            "Sessions that Parom did not open are in the database {database}: {named}.",
            database=database,
            named=named,
        ),
        said("Let them end, or end them, and try again. Nothing was changed."),
        can_retry=True,
    )


def busy(database: str, reason: str) -> ParomError:
    return ParomError(
        "database.locked",
        said(
            "Somebody kept the database {database} locked for too long: {reason}.",
            database=database,
            reason=reason,
        ),
        said("End who holds it (pg_stat_activity names them) and try again. Nothing was changed."),
        can_retry=True,
    )


def no_right(role: str, database: str, missing: str, grant: str) -> ParomError:
    return ParomError(
        "database.rights",
        said(
            "The role {role} lacks {missing} for the database {database}: without it there is "
            "no snapshot, and so no way back.",
            role=role,
            missing=missing,
            database=database,
        ),
        said("Let a superuser run: {grant}. Nothing was changed.", grant=grant),
    )


def absent(database: str, statement: str) -> ParomError:
    return ParomError(
        "database.absent",
        said("There is no database {database} on the server.", database=database),
        said(
            "Let whoever may make it run: {statement}; or correct [database]. Nothing was changed.",
            statement=statement,
        ),
    )


def no_maintenance(maintenance: str, reason: str) -> ParomError:
    return ParomError(
        "database.no-maintenance",
        said(
            "Parom may not connect to the database {maintenance}, from which it renames others. "
            "{reason}",
            maintenance=maintenance,
            reason=reason,
        ),
        said(
            "Let a superuser grant CONNECT on it, or name another one in database.maintenance. "
            "Nothing was changed."
        ),
    )


def too_old(server: int, oldest: int) -> ParomError:
    return ParomError(
        "database.too-old",
        said(
            "The server is PostgreSQL {server}; Parom needs {oldest} or newer.",
            server=server,
            oldest=oldest,
        ),
        said("Upgrade the server first (pg_upgrade). Nothing was changed."),
    )


def not_ready(found: Sequence[ParomError]) -> ParomError:
    """Several obstacles as one refusal; a single one is its own."""
    if len(found) == 1:
        return found[0]
    each = [joined([one.fact, one.cure], " -> ") for one in found]
    return ParomError(
        "database.not-ready",
        said("The way back with the database has obstacles: {facts}", facts=joined(each, " | ")),
        said("Cure each of them (`parom doctor` lists them too) and try again."),
    )


def replicated(database: str, names: Sequence[str]) -> ParomError:
    return ParomError(
        "database.replicated",
        said(
            "Logical replication hangs on the database {database} ({named}): after a return it "
            "would follow the database that was replaced.",
            database=database,
            named=", ".join(names),
        ),
        said("Drop the slots and subscriptions, and make them anew afterwards."),
    )


def no_encoding(database: str) -> ParomError:
    return ParomError(
        "database.encoding",
        said(
            "The database {database} has the encoding SQL_ASCII: nobody knows what its texts say, "
            "so that no row of it can be listed or carried.",
            database=database,
        ),
        said("Dump it, and restore it into a database with the encoding UTF8."),
    )


def other_collation(database: str, made_with: str, here: str) -> ParomError:
    return ParomError(
        "database.collation",
        said(
            "The database {database} was made with version {made_with} of its collation, and the "
            "system has {here}: the server copies no such database.",
            database=database,
            made_with=made_with,
            here=here,
        ),
        said("REINDEX it, then ALTER DATABASE ... REFRESH COLLATION VERSION."),
    )


def settings_not_kept(database: str, reason: str) -> ParomError:
    return ParomError(
        "database.settings-not-kept",
        said(
            "Owner, grants and settings of {database} cannot be given to its copy: {reason}.",
            database=database,
            reason=reason,
        ),
        said("Let Parom connect as a role that may set them. The live database was not changed."),
    )


def no_program(program: str, server: int, found: str) -> ParomError:
    return ParomError(
        "database.no-program",
        said(
            "{program} of PostgreSQL {server}, or newer, is not there; found: {found}.",
            program=program,
            server=server,
            found=found or said("none"),
        ),
        said(
            "Install the client programs of the server's version (postgresql-client), or name "
            "their folder in database.programs."
        ),
    )


def refused(database: str, reason: str) -> ParomError:
    return ParomError(
        "database.refused",
        said(
            "The server refuses what is to be done with {database}: {reason}.",
            database=database,
            reason=reason,
        ),
        said("Grant what is missing, or make room, and try again. Nothing of it was done."),
        can_retry=True,
    )


def not_copied(database: str, reason: str) -> ParomError:
    return ParomError(
        "database.not-copied",
        said("{database} could not be copied: {reason}.", database=database, reason=reason),
        said("Nothing of the live database changed. Cure what is named and try again."),
        can_retry=True,
    )


def not_restored(archive: Path, reason: str) -> ParomError:
    return ParomError(
        "database.not-restored",
        said(
            "{archive} can be read but not restored on this server: {reason}.",
            archive=archive,
            reason=reason,
        ),
        said("Nothing of the live database changed. Cure what is named and try again."),
    )


def damaged(archive: Path, reason: str) -> ParomError:
    return ParomError(
        "database.damaged",
        said(
            "{archive} is not a whole archive of pg_dump: {reason}.", archive=archive, reason=reason
        ),
        said("It counts for nothing. Make another backup: `parom backup create`."),
    )


def in_the_way(database: str) -> ParomError:
    return ParomError(
        "database.in-the-way",
        said(
            "There is a database {database} already, and a restored one does not replace it.",
            database=database,
        ),
        said("Rename it, if it is not wanted, and repeat the command. Nothing was changed."),
    )


def no_address(named: str, reason: str) -> ParomError:
    """`named` is a variable or a file; what is in it is never told."""
    return ParomError(
        "database.no-address",
        said("{named} does not say where the database is: {reason}.", named=named, reason=reason),
        said("Correct it, or [database] in parom.toml. Nothing was changed."),
    )
