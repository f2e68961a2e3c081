"""Versions of the application's database: copied, swapped in, put away.

A swap is one RENAME TABLE over all tables of both: it happens as a whole, or not at all, also
where the server dies.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pymysql
from pymysql.constants import ER

from parom.adapters.databases.mariadb import attached
from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.administration import Administration
from parom.adapters.databases.mariadb.catalogue import Catalogue, Version
from parom.adapters.databases.mariadb.copying import copy_tables, held_names
from parom.adapters.databases.mariadb.names import name_of
from parom.adapters.databases.mariadb.opening import Session, code_of, opened, quoted
from parom.adapters.databases.mariadb.sessions import end_all, strangers
from parom.adapters.databases.mariadb.tables import all_names
from parom.errors import ParomError
from parom.errors import postgresql as errors
from parom.facts import Process
from parom.ports import Progress

_PATIENCE_S = "3"
"""How long whoever is in the middle of a write gets to come to an end."""


def copy(
    access: Access,
    catalogue: Catalogue,
    source: Version,
    database_id: str,
    progress: Progress | None = None,
) -> None:
    """Make a version of another one, under a lock that keeps others from writing; it counts
    once it has its mark. Raises `database.held`, `database.not-copied`."""
    target = name_of(catalogue.prefix, database_id)
    mark = source.mark
    catalogue.make_empty(target, mark.charset, mark.collation)
    with opened(access, None, lock_wait_timeout=_PATIENCE_S) as holder:
        try:
            names = held_names(holder, source.schema)
        except pymysql.Error as problem:
            busy = strangers(catalogue.session, source.schema)
            if code_of(problem) == ER.LOCK_WAIT_TIMEOUT and busy:
                raise errors.held(source.schema, busy) from None
            raise
        copy_tables(access, source.schema, target, names, progress)
        # Who was cut off may have let somebody write.
        holder.ask("UNLOCK TABLES")
    catalogue.mark(target, replace(mark, id=database_id, before="", archive=""))


def make_live(
    administration: Administration, access: Access, database_id: str, before: str | None = None
) -> tuple[Process, ...]:
    """The swap; who was ended for it. It came after what is live, or after `before`. Nothing is
    lost by repeating it. Where the connection is lost on the way, the server is asked what became
    of it. Raises `database.no-snapshot`, `database.held`, `database.refused`.
    """
    try:
        return _make_live(administration, access, database_id, before)
    except ParomError as problem:
        if problem.id != "database.unreachable":
            raise
        with administration.changing() as (session, catalogue):
            live = catalogue.live()
            if live is None or live.id != database_id:
                raise
            _settle(session, catalogue, live)
    return ()


def put_away(administration: Administration, access: Access) -> None:
    """Let the application's schema be empty; what was in it is a version."""
    with administration.changing() as (session, catalogue):
        live = catalogue.live()
        if live:
            _end_others(session, access)
            _move(session, catalogue, live, None)


def _make_live(
    administration: Administration, access: Access, database_id: str, before: str | None
) -> tuple[Process, ...]:
    with administration.changing() as (session, catalogue):
        live, wanted = catalogue.live(), catalogue.known(database_id)
        ended: tuple[Process, ...] = ()
        if live is None or live.id != database_id:
            came_after = before if before is not None else live.id if live else ""
            catalogue.mark(wanted.schema, replace(wanted.mark, before=came_after))
            ended = _end_others(session, access)
            _move(session, catalogue, live, wanted)
        _settle(session, catalogue, wanted)
        return ended


def _move(
    session: Session, catalogue: Catalogue, live: Version | None, wanted: Version | None
) -> None:
    app, moves = catalogue.app, list[str]()
    if live:
        away = name_of(catalogue.prefix, live.id)
        attached.put_away(session, app)
        catalogue.make_empty(away, live.mark.charset, live.mark.collation)
        moves += _moves(session, app, away)
    if wanted:
        moves += _moves(session, wanted.schema, app)
    try:
        session.ask("RENAME TABLE " + ", ".join(moves))
    except pymysql.Error:
        # What is live stays so, and is written to: with its triggers.
        with suppress(pymysql.Error, ParomError):
            attached.bring_back(session, app)
        raise


def _moves(session: Session, source: str, target: str) -> list[str]:
    return [
        f"{quoted(source, name)} TO {quoted(target, name)}" for name in all_names(session, source)
    ]


def _settle(session: Session, catalogue: Catalogue, live: Version) -> None:
    """What does not move with tables; may be repeated."""
    mark, app = live.mark, catalogue.app
    if catalogue.defaults(app) != (mark.charset, mark.collation):
        session.ask(
            f"ALTER DATABASE {quoted(app)} CHARACTER SET {mark.charset} COLLATE {mark.collation}"
        )
    attached.bring_back(session, app)
    left = name_of(catalogue.prefix, live.id)
    if not all_names(session, left):
        session.ask(f"DROP DATABASE IF EXISTS {quoted(left)}")


def _end_others(session: Session, access: Access) -> tuple[Process, ...]:
    """Raises `database.held` for those that may not be ended."""
    ended = end_all(session, access.name)
    left = strangers(session, access.name)
    if left:
        raise errors.held(access.name, left)
    return ended
