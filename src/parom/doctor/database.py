"""The database: whether it is there, is the one that the settings mean, and who holds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from parom.doctor import server
from parom.doctor.observation import Observation, good, note, of_problem, warning, wrong
from parom.doctor.patient import Patient
from parom.errors import engine as engine_errors
from parom.facts import DatabaseFacts, Process
from parom.steps.named_database import refuse_other_database
from parom.words.said import said

_SHOWN = 4


def database(patient: Patient) -> Iterator[Observation]:
    """Whether parom.toml and the settings mean the same one, and who has it open."""
    database = patient.installation.database
    if (live := patient.config.live_file) is None:
        obstacles = database.obstacles()
        yield from server.readiness(obstacles, database.kind)
        if any(one.id in server.NOTHING_TO_SEE for one in obstacles):
            return
    elif not live.exists():
        yield _missing(patient, live)
        return
    releases = patient.config.project.layout == "releases"
    holds_data = database.exists()
    if releases and not patient.is_installed and holds_data:
        yield of_problem(engine_errors.data_without_release(database.facts().location))
        return
    facts = database.facts()
    yield _opens(facts)
    if live is not None and facts.journal_mode != "wal":
        yield _no_wal(facts)
    if (served := database.server()) is not None:
        yield from server.unseen(served)
    project = patient.project
    if project is not None:
        folder = patient.installation.layout.running_path / patient.config.project_folder
        refuse_other_database(database, project.database, folder)
        yield good(
            "database.same", said("The installed release's settings name the same database.")
        )
    yield from _strangers(patient)


def _missing(patient: Patient, live: Path) -> Observation:
    if patient.is_installed:
        return wrong(
            "database.missing",
            said("A release is installed, but its database {live} is not there.", live=live),
            said("Correct database.path, mount its disk, or restore a backup."),
        )
    return note(
        "database.new",
        said("{live} is not there yet; the first deployment makes it.", live=live),
    )


def _opens(facts: DatabaseFacts) -> Observation:
    if facts.engine == "sqlite":
        told = said("{live}: SQLite, {tables} tables.", live=facts.location, tables=facts.tables)
    elif facts.engine == "mariadb":
        told = said(
            "{live}: {version}, {tables} tables, {n:.0f} MB.",
            live=facts.location,
            version=facts.version,
            tables=facts.tables,
            n=facts.size_bytes / 1e6,
        )
    else:
        told = said(
            "{live}: PostgreSQL {version}, {tables} tables, {n:.0f} MB.",
            live=facts.location,
            version=facts.version,
            tables=facts.tables,
            n=facts.size_bytes / 1e6,
        )
    return good("database.opens", told)


def _no_wal(facts: DatabaseFacts) -> Observation:
    return note(
        "database.no-wal",
        said(
            "Its journal mode is {journal_mode}: readers wait while somebody writes.",
            journal_mode=facts.journal_mode,
        ),
        said("WAL is better for the web (PRAGMA journal_mode=WAL in the settings' init_command)."),
    )


def _strangers(patient: Patient) -> Iterator[Observation]:
    installation = patient.installation
    strangers = installation.database.holders(installation.services.processes())
    if strangers and installation.config.live_file is None:
        yield server.connected(strangers)
    elif strangers:
        yield warning(
            "database.held",
            said(
                "Processes that Parom did not start hold the database open: {strangers}.",
                strangers=_named(strangers),
            ),
            said(
                "End them before a deployment, which stops and goes back if they are still there."
            ),
        )


def _named(found: tuple[Process, ...]) -> str:
    return ", ".join(f"{one.name} (pid {one.pid})" for one in found[:_SHOWN])
