"""All examinations, in the order in which a deployment would meet what they are about."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from parom.config.model import Config
from parom.doctor import application, browser, code, database, machine, records, running, vault
from parom.doctor.observation import Observation, of_problem, wrong
from parom.doctor.patient import Patient
from parom.errors import ParomError
from parom.words.said import said

Examination = Callable[[Patient], Iterator[Observation]]

EXAMINATIONS: tuple[tuple[str, Examination], ...] = (
    ("machine", machine.root),
    ("machine", machine.clock),
    ("machine", machine.file_system),
    ("journal", records.journal),
    ("journal", records.lease),
    ("journal", records.leftovers),
    ("source", code.source),
    ("source", code.contents),
    ("release", code.interpreter),
    ("release", code.dependencies),
    ("release", application.environment_file),
    ("database", database.database),
    ("application", application.settings),
    ("application", application.maintenance),
    ("vault", vault.recipients),
    ("vault", vault.place),
    ("vault", vault.backups),
    ("machine", machine.space),
    ("services", running.port),
    ("services", running.services),
    ("checks", running.health),
    ("checks", code.functional),
    ("checks", application.headers),
    ("watch", browser.browser),
)


def examine(config: Config) -> Iterator[tuple[str, Observation]]:
    """(area, observation) pairs. What one examination cannot look at does not stop the rest."""
    with tempfile.TemporaryDirectory(prefix="parom-doctor-") as folder:
        patient, told = Patient(config, Path(folder)), set[str]()
        for area, examination in EXAMINATIONS:
            try:
                for found in examination(patient):
                    yield area, found
            except ParomError as problem:
                # What keeps two examinations from looking is one thing in the way.
                if problem.fact not in told:
                    yield area, of_problem(problem)
                told.add(problem.fact)
            except OSError as problem:
                name = getattr(examination, "__name__", area)
                yield area, _unseen(area, name, problem)


def _unseen(area: str, name: str, problem: OSError) -> Observation:
    """Missing evidence is not good."""
    what = f"{problem.filename}: " if problem.filename else ""
    return wrong(
        f"{area}.unseen",
        said(
            "The {name} of the {area} could not be looked at: {what}{why}.",
            name=name,
            area=said(area),
            what=what,
            why=problem.strerror or problem,
        ),
        said("Correct the path or its permissions, and look again."),
    )
