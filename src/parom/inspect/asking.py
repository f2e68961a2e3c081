"""What the application itself says, where an interpreter with its packages is at hand.

Loading the settings runs the project's code, which reading does not: it is a step of its own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parom.appside.application import Application
from parom.errors import ParomError
from parom.facts import ProjectFacts
from parom.inspect.found import Found
from parom.inspect.project import ProjectInspection
from parom.inspect.urls import Route
from parom.ports import Host
from parom.words.said import said


@dataclass(frozen=True)
class Answers:
    """What was asked, of whom, and what came back; empty where it did not load."""

    python: Found
    facts: ProjectFacts | None
    routes: tuple[Route, ...]
    problem: str = ""


def interpreter_at_hand(
    inspection: ProjectInspection, environ: Mapping[str, str], given: Path | None
) -> Found | None:
    """The project's own environment, or the one that is active in this shell."""
    if given is not None:
        return Found(str(given.absolute()), said("it was named with --python"))
    if inspection.environment is not None:
        python = inspection.root / inspection.environment.value / "bin" / "python"
        if python.exists():
            return Found(str(python), said("the project's own environment"))
    active = environ.get("VIRTUAL_ENV", "")
    if active and (Path(active) / "bin" / "python").exists():
        python = Path(active) / "bin" / "python"
        return Found(str(python), said("the environment that is active here"))
    return None


def ask(inspection: ProjectInspection, python: Found, host: Host) -> Answers:
    """Let the project's settings be loaded by that interpreter. Makes no database."""
    if inspection.settings is None:
        return Answers(python, None, (), said("its settings module was not found"))
    files = inspection.environment_files
    application = Application(
        python=Path(python.value),
        project_dir=inspection.root / Path(inspection.manage.value).parent,
        settings_module=inspection.settings.value,
        host=host,
        env_file=inspection.root / files[0].value if files else None,
    )
    try:
        facts = application.project()
        routes = tuple(Route(one.pattern, one.name) for one in application.urls())
    except ParomError as problem:
        return Answers(python, None, (), problem.fact)
    return Answers(python, facts, routes)


def inside(root: Path, named: str) -> str:
    """A path relative to the root where it lies in there, else as it is."""
    path = Path(os.path.normpath(named))
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
