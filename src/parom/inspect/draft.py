"""From what was found in a project to the settings of its parom.toml. Pure.

Every value says how it was found. Where nothing was found, or where a wrong guess would
hurt, the setting is marked as one that a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parom.config.example import Setting
from parom.inspect.asking import Answers
from parom.inspect.drafted_code import code_settings
from parom.inspect.drafted_data import data_settings
from parom.inspect.drafted_database import notes_on_server, server_of
from parom.inspect.drafted_services import service_settings
from parom.inspect.project import ProjectInspection
from parom.inspect.wishes import Key, Wishes
from parom.words.language import Language
from parom.words.said import said

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class Draft:
    """The settings of a configuration, and what a person should know besides."""

    settings: Mapping[Key, Setting]
    notes: tuple[str, ...]


def draft(found: ProjectInspection, answers: Answers | None, wishes: Wishes) -> Draft:
    """What parom.toml should say about a project."""
    notes = list(found.notes)
    if answers is not None and answers.problem:
        told = said(
            "{python} could not load the project: {problem}",
            python=answers.python.value,
            problem=answers.problem,
        )
        notes.append(told)
    if answers is not None and answers.facts is not None and answers.facts.debug:
        notes.append(said("The settings have DEBUG on; production must not."))
    notes += notes_on_server(found, server_of(found, answers))
    settings: dict[Key, Setting] = {
        **_project(found, wishes),
        **code_settings(found, wishes),
        **data_settings(found, answers, wishes),
        **service_settings(found, answers, wishes),
        **_vault(wishes),
    }
    return Draft(settings, tuple(notes))


def name_of(folder: Path) -> str:
    """A folder's name as a name for the installation."""
    name = _NOT_IN_A_NAME.sub("-", folder.name).strip("-._")[:64]
    return name or "application"


def _project(found: ProjectInspection, wishes: Wishes) -> dict[Key, Setting]:
    settings: dict[Key, Setting] = {
        ("project", "name"): Setting(wishes.name, (said("the folder's name"),)),
        ("project", "root"): _root(wishes),
        ("project", "settings"): _settings_module(found),
    }
    if wishes.in_place:
        settings["project", "layout"] = Setting("in-place", (wishes.layout_how,))
    if wishes.language is not Language.ENGLISH:
        how = said("the language in which `parom init` was run")
        settings["project", "language"] = Setting(wishes.language.value, (how,))
    if found.manage.value != "manage.py":
        settings["project", "manage"] = Setting(found.manage.value, (found.manage.how,))
    return settings


def _root(wishes: Wishes) -> Setting:
    if wishes.in_place:
        how = said("the folder in which the application runs")
        return Setting(wishes.written(wishes.root), (how,))
    return Setting(
        wishes.written(wishes.root),
        (said("a folder that is not there yet, on the disk that is to hold releases and data"),),
    )


def _settings_module(found: ProjectInspection) -> Setting:
    if found.settings is None:
        remark = said("no settings module was found: name the one that production runs with")
        return Setting("config.settings", (remark,), decide=True)
    return Setting(found.settings.value, (found.settings.how,))


def _vault(wishes: Wishes) -> dict[Key, Setting]:
    return {
        ("vault", "path"): Setting(
            wishes.written(wishes.vault), (said("put it on another disk if there is one"),)
        ),
        ("vault", "recipients"): Setting(wishes.recipients, (wishes.recipients_how,)),
    }
