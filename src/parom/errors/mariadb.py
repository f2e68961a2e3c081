"""What can be wrong with a database on a MariaDB server, beside what `postgresql` has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ParomError
from parom.words.said import said

_SHOWN = 10
"""How many of a kind are named."""


def busy(database: str, reason: str) -> ParomError:
    return ParomError(
        "database.locked",
        said(
            "Somebody kept the database {database} locked for too long: {reason}.",
            database=database,
            reason=reason,
        ),
        said("End who holds it (SHOW PROCESSLIST names them) and try again. Nothing was changed."),
        can_retry=True,
    )


def other_server(version: str) -> ParomError:
    return ParomError(
        "database.other-server",
        said("The server is no MariaDB ({version}): Parom was never tried on it.", version=version),
        said("Use MariaDB 10.6 or newer, or PostgreSQL. Nothing was changed."),
    )


def too_old(version: str) -> ParomError:
    return ParomError(
        "database.too-old",
        said(
            "The server is MariaDB {version}; before 10.6 a RENAME TABLE that is cut off leaves "
            "tables of two releases.",
            version=version,
        ),
        said("Upgrade the server first (mariadb-upgrade). Nothing was changed."),
    )


def letter_case() -> ParomError:
    return ParomError(
        "database.letter-case",
        said("The server takes names for the same in upper and lower case."),
        said("Set lower_case_table_names = 0 when the server is made. Nothing was changed."),
    )


def cluster() -> ParomError:
    return ParomError(
        "database.cluster",
        said("The server is one of a Galera cluster, where locks hold on one server alone."),
        said("Use a single server, or PostgreSQL. Nothing was changed."),
    )


def replica() -> ParomError:
    return ParomError(
        "database.read-only",
        said("The server is read-only: a replica, whose writes no trigger of Parom sees."),
        said("Let the settings and parom.toml name the primary server. Nothing was changed."),
    )


def not_plain(database: str) -> ParomError:
    return ParomError(
        "database.name",
        said("The name {database} holds other characters than letters, digits, _, $ and -.",
             database=database),
        said("Move the tables into a database with a plain name. Nothing was changed."),
    )  # fmt: skip


def absent(database: str) -> ParomError:
    return ParomError(
        "database.absent",
        said("There is no database {database} on the server.", database=database),
        said(
            "Let whoever may make it run: {statement}; or correct [database]. Nothing was changed.",
            statement=f"CREATE DATABASE `{database}`",
        ),
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
        said("Let an administrator run: {grant}. Nothing was changed.", grant=grant),
    )


def no_triggers(role: str) -> ParomError:
    return ParomError(
        "database.no-triggers",
        said(
            "The server writes a binary log and lets {role} make no triggers: what users write "
            "could not be listed.",
            role=role,
        ),
        said("Let an administrator set log_bin_trust_function_creators = 1. Nothing was changed."),
    )


def not_movable(database: str, found: Sequence[str]) -> ParomError:
    more = [said("{number} more", number=len(found) - _SHOWN)] if len(found) > _SHOWN else []
    return ParomError(
        "database.not-movable",
        said(
            "{database} holds what can be neither copied exactly nor swapped at one instant: "
            "{found}.",
            database=database,
            found=", ".join([*found[:_SHOWN], *more]),
        ),
        said(
            "Take triggers, views, routines and events out, turn other engines into InnoDB and "
            "FLOAT into DOUBLE; or use PostgreSQL. Nothing was changed."
        ),
    )


def no_program() -> ParomError:
    return ParomError(
        "database.no-program",
        said("mariadb-dump is not there; MySQL's mysqldump is another program."),
        said(
            "Install MariaDB's client programs (mariadb-client), or name their folder in "
            "database.programs."
        ),
    )


def damaged(archive: Path, reason: str) -> ParomError:
    return ParomError(
        "database.damaged",
        said(
            "{archive} is not a whole archive of mariadb-dump: {reason}.",
            archive=archive,
            reason=reason,
        ),
        said("It counts for nothing. Make another backup: `parom backup create`."),
    )


def no_single_rows() -> ParomError:
    return ParomError(
        "database.no-single-rows",
        said("Rows in quarantine are not put back by Parom on MariaDB."),
        said("Put them back by hand: the quarantine's rows.jsonl holds every value."),
    )
