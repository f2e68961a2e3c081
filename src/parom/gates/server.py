"""What a database server leaves open that Parom cannot see or do there."""

from __future__ import annotations

from parom.facts import Finding, Level, ServerFacts
from parom.gates.capacity import size
from parom.words.said import said

_WORTH_A_WARNING = 1 << 30
"""Bytes of copies that a server may not have to spare; less is told and not warned of."""

_UNSEEN = Finding(
    "server.sessions",
    Level.INFO,
    said(
        "Parom's role is not told of other roles' sessions, or may not end them: where they lock "
        "tables at the stop, that is a refusal, and the old release goes on"
    ),
    said("GRANT PROCESS, CONNECTION ADMIN ON *.* to it, if such sessions are to be ended."),
)


def judge(server: ServerFacts) -> tuple[Finding, ...]:
    """Room that nobody measured is never counted as there."""
    found = [_room(server)]
    if not server.ends_sessions:
        found.append(_UNSEEN if server.kind == "mariadb" else _sessions(server))
    if server.by_socket:
        found.append(_socket(server))
    return tuple(found)


def _room(server: ServerFacts) -> Finding:
    needed = server.copies * server.size_bytes
    return Finding(
        "server.room",
        Level.WARNING if needed >= _WORTH_A_WARNING else Level.INFO,
        said(
            "A run needs up to {needed} free on the server of {location}: {copies} times the "
            "database, for the snapshot, its copy for a return and the proof of a backup. Parom "
            "cannot look at its disk",
            needed=size(needed),
            location=server.location,
            copies=server.copies,
        ),
        said(
            "See that it is free there, beside the write-ahead log and the databases that were "
            "replaced."
        ),
    )


def _sessions(server: ServerFacts) -> Finding:
    return Finding(
        "server.sessions",
        Level.INFO,
        said(
            "The role {role} may not end sessions of other roles: one of them that is in the "
            "database at the stop is a refusal, and the old release goes on",
            role=server.role,
        ),
        said(
            "GRANT pg_signal_backend TO {role}, if such sessions are to be ended.", role=server.role
        ),
    )


def _socket(server: ServerFacts) -> Finding:
    return Finding(
        "server.socket",
        Level.INFO,
        said(
            "{location} is reached by a socket of this machine, where sessions have no ports: who "
            "comes while the services run counts as one of them",
            location=server.location,
        ),
        said("Connect to 127.0.0.1 in the settings, so that strangers are told from services."),
    )
