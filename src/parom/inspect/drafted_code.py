"""The settings of a draft that say where a release comes from and how it is built."""

from __future__ import annotations

import os
from pathlib import Path

from parom.config.example import Setting
from parom.inspect.environment import made_with
from parom.inspect.project import ProjectInspection
from parom.inspect.wishes import Key, Wishes
from parom.words.said import said


def code_settings(found: ProjectInspection, wishes: Wishes) -> dict[Key, Setting]:
    """[source], and of [release] what a release is built with."""
    return {**_source(found, wishes), **_python(found), **_dependencies(found)}


def _source(found: ProjectInspection, wishes: Wishes) -> dict[Key, Setting]:
    if found.git is None:
        return _folder_as_source(found, wishes)
    git = found.git
    local = os.path.isabs(git.location)  # noqa: PTH117 - a URL is no path
    location = wishes.written(Path(git.location)) if local else git.location
    settings: dict[Key, Setting] = {
        ("source", "type"): Setting("git"),
        ("source", "location"): Setting(location, (git.how,)),
        ("source", "ref"): Setting(
            git.ref or "main",
            (
                said("the branch that is checked out")
                if git.ref
                else said("no branch is checked out: which one is production deployed from?"),
            ),
            decide=not git.ref,
        ),
    }
    if git.subfolder:
        how = said("the project lies there in the repository")
        settings["source", "subfolder"] = Setting(git.subfolder, (how,))
    return settings


def _folder_as_source(found: ProjectInspection, wishes: Wishes) -> dict[Key, Setting]:
    location = Setting(wishes.written(found.root), (said("no git repository was found"),))
    if wishes.in_place:
        location = Setting(
            wishes.written(found.root),
            (
                said(
                    "no git repository was found, and the installation cannot be its own source: "
                    "name the repository, or the folder that new releases are put into"
                ),
            ),
            decide=True,
        )
    # From the top: a module of the application may have the same name further down.
    left_out = tuple(f"/{one.value.rstrip('/')}" for one in found.shared)
    # SQLite's companions of a database file go with it.
    companions = (f"/{found.database.value}-*",) if found.database else ()
    return {
        ("source", "type"): Setting("directory"),
        ("source", "location"): location,
        ("source", "exclude"): Setting(
            (*left_out, *companions, "/parom.toml"),
            (said("what the application writes is no code"),),
        ),
    }


def _python(found: ProjectInspection) -> dict[Key, Setting]:
    """Only where releases do not say it themselves."""
    python = found.python
    if python is None or found.environment is None or python.how != made_with(found.environment):
        return {}
    return {("release", "python"): Setting(python.value, (python.how,))}


def _dependencies(found: ProjectInspection) -> dict[Key, Setting]:
    key = ("release", "dependencies")
    gunicorn = (
        ()
        if found.gunicorn is not None
        else (said("gunicorn was not found among them: add it, or change services.web"),)
    )
    if found.dependencies is not None:
        remarks = (found.dependencies.how, *gunicorn)
        return {key: Setting(found.dependencies.value, remarks, decide=bool(gunicorn))}
    if found.environment is not None:
        remark = said(
            "no lock or requirements file was found, so that every release would run from this "
            "environment, and a return would not bring old packages back: write "
            "requirements.txt (`pip freeze`), and name it here"
        )
        place = str(found.root / found.environment.value)
        return {key: Setting(place, (remark,), decide=True)}
    remark = said(
        "no lock or requirements file was found: write requirements.txt with Django, gunicorn "
        "and what else the application needs"
    )
    return {key: Setting("requirements.txt", (remark,), decide=True)}
