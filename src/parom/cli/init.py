"""Look at a project and write its parom.toml."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.spoken import words
from parom.errors import inspect as errors
from parom.words.said import said

if TYPE_CHECKING:
    from parom.inspect.asking import Answers
    from parom.inspect.project import ProjectInspection

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=_PATH, default=Path())
@click.option("--root", type=_PATH, help="Where the installation is to be.  [a folder beside]")
@click.option("--vault", type=_PATH, help="Where backups are to be.  [a folder beside]")
@click.option("--new-key", type=_PATH, help="Make a key for the backups and write it there.")
@click.option("--recipient", "recipients", multiple=True, help="A public key (age1...) you have.")
@click.option(
    "--layout",
    type=click.Choice(["releases", "in-place"]),
    help="How releases lie on disk.  [in-place where there is start_services.sh]",
)
@click.option("--python", type=_PATH, help="An interpreter that can load the project.")
@click.option("--only-read", is_flag=True, help="Do not let an interpreter load the project.")
@click.option("--set", "given", multiple=True, metavar="KEY=VALUE", help="Set a key.")
@click.option("--force", is_flag=True, help="Replace a parom.toml that is there.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.pass_context
def init(
    context: click.Context,
    folder: Path,
    root: Path | None,
    vault: Path | None,
    new_key: Path | None,
    recipients: tuple[str, ...],
    layout: str | None,
    python: Path | None,
    only_read: bool,
    given: tuple[str, ...],
    force: bool,
    as_json: bool,
) -> int:
    """Look at the Django project in FOLDER (this one by default) and write its parom.toml.

    Nothing but that file, and the key where one is asked for, is written.
    """
    from parom.cli.written import in_lines, write, written
    from parom.inspect.draft import draft, name_of
    from parom.inspect.given import given_settings
    from parom.inspect.project import inspect_project
    from parom.inspect.wishes import Wishes

    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - normalises without following links
    target = _target(context, folder)
    wanted = given_settings(given)
    found = inspect_project(folder)
    if target.exists() and not force:
        raise errors.configuration_exists(target)
    chosen, how = _layout(layout, found)
    name, beside = name_of(folder), folder.parent
    default_root = folder if chosen == "in-place" else beside / f"{name}-production"
    public, key_how = _recipients(recipients, new_key, folder, as_json=as_json)
    wishes = Wishes(
        name=name,
        config_folder=target.parent,
        root=_absolute(root) if root else default_root,
        vault=_absolute(vault) if vault else beside / f"{name}-backups",
        recipients=public,
        recipients_how=key_how,
        layout=chosen,
        layout_how=how,
        language=words().language,
    )
    answers = None if only_read else _answers(found, python)
    drafted = draft(found, answers, wishes)
    key_file = _absolute(new_key) if new_key else None
    settings = write(target, {**drafted.settings, **wanted}, key_file, words())
    told = written(target, settings, drafted.notes, answers, key_file)
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else in_lines(told, words()))
    return 0


def _target(context: click.Context, folder: Path) -> Path:
    """The file that was named, else parom.toml in the project's folder."""
    assert context.parent is not None  # noqa: S101 - `parom` itself
    source = context.parent.get_parameter_source("config")
    if source is not click.core.ParameterSource.DEFAULT:
        return Path(context.obj)
    return folder / "parom.toml"


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path.expanduser()))  # noqa: PTH100


def _layout(wanted: str | None, found: ProjectInspection) -> tuple[str, str]:
    if wanted:
        return wanted, said("given with --layout")
    if found.start_script is not None:
        how = said("{file} is there: the application runs from here", file=found.start_script.value)
        return "in-place", how
    return "releases", ""


def _recipients(
    given: tuple[str, ...], new_key: Path | None, folder: Path, *, as_json: bool
) -> tuple[tuple[str, ...], str]:
    """Public keys; the one of a new key is not known before it is written."""
    if new_key is not None:
        place = _absolute(new_key)
        if place.is_relative_to(folder):
            raise errors.key_in_project(place, folder)
        return given, said("the private key is in {file}: take it off this machine", file=place)
    if given:
        how = said("given with --recipient; whoever has its private key opens the backups")
        return given, how
    if as_json or not sys.stdin.isatty():
        raise errors.no_recipient()
    asked = click.prompt(
        words().say(
            "Backups are always encrypted. The team's age public key (age1...), or empty to be "
            "told how to make one"
        ),
        default="",
        show_default=False,
    )
    if not asked.strip():
        raise errors.no_recipient()
    return (asked.strip(),), said("given when it was asked for")


def _answers(found: ProjectInspection, python: Path | None) -> Answers | None:
    from parom.adapters.hosts.local import LocalHost
    from parom.inspect.asking import ask, interpreter_at_hand

    interpreter = interpreter_at_hand(found, os.environ, python)
    return ask(found, interpreter, LocalHost()) if interpreter else None
