"""What stands in the way of copies and of a swap, found before anything is stopped."""

from __future__ import annotations

import re

from parom.adapters.databases.mariadb.attached import attached
from parom.adapters.databases.mariadb.catalogue import Catalogue
from parom.adapters.databases.mariadb.opening import Session
from parom.adapters.databases.mariadb.programs import Programs
from parom.adapters.databases.mariadb.rights import missing_rights
from parom.errors import ParomError
from parom.errors import mariadb as errors

_OLDEST = (10, 6)
"""RENAME TABLE happens as a whole from there on, also where the server dies."""
_PLAIN = re.compile(r"[A-Za-z0-9_$-]{1,64}")
_KINDS = """
SELECT lower(table_type), table_name FROM information_schema.tables
 WHERE table_schema = %s AND table_type NOT IN ('BASE TABLE', 'VIEW')
UNION ALL SELECT concat('table of ', engine), table_name FROM information_schema.tables
 WHERE table_schema = %s AND table_type = 'BASE TABLE' AND engine <> 'InnoDB'
UNION ALL SELECT 'column of the type float', concat(table_name, '.', column_name)
 FROM information_schema.columns WHERE table_schema = %s AND data_type = 'float'
UNION ALL SELECT 'foreign key between schemas', concat(constraint_schema, '.', constraint_name)
 FROM information_schema.referential_constraints
 WHERE constraint_schema <> unique_constraint_schema
  AND %s IN (constraint_schema, unique_constraint_schema)
"""


def obstacles(catalogue: Catalogue, programs: Programs) -> tuple[ParomError, ...]:
    """All that are there; of another server only that."""
    session, app = catalogue.session, catalogue.app
    other = other_server(session)
    if other:
        return (other,)
    if not _PLAIN.fullmatch(app):
        return (errors.not_plain(app),)
    if app not in catalogue.schemas():
        return (errors.absent(app),)
    found = list(missing_rights(catalogue))
    for look in (lambda: check_movable(session, app), programs.dump):
        try:
            look()
        except ParomError as problem:
            found.append(problem)
    return tuple(found)


def other_server(session: Session) -> ParomError | None:
    version = str(session.one("SELECT version()"))
    if "MariaDB" not in version:
        return errors.other_server(version)
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < _OLDEST:
        return errors.too_old(version)
    if session.one("SELECT @@lower_case_table_names") != 0:
        return errors.letter_case()
    if session.one("SELECT @@wsrep_on"):
        return errors.cluster()
    if session.one("SELECT @@global.read_only"):
        return errors.replica()
    return None


def check_movable(session: Session, schema: str) -> None:
    """Raises `database.not-movable` with all that can be neither copied nor swapped."""
    found = [
        *attached(session, schema),
        *session.ask(_KINDS, *([schema] * 4)),
    ]
    if found:
        raise errors.not_movable(schema, [f"{kind.lower()} {name}" for kind, name in found])
