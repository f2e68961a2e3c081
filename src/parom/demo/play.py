"""Plays the demonstration and writes `summary.json`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from parom.demo.configuration import recipient_of, write_config
from parom.demo.crossing import Crossing, cross, deploy
from parom.demo.outcome import judge, summary
from parom.demo.set_up import staged
from parom.demo.shown import show
from parom.demo.stage import DatabaseKind, Stage, load_process
from parom.demo.tally import names_in_file, names_on_server, read_load, writes
from parom.errors import demo as errors
from parom.words.language import Words
from parom.words.said import said

ROWS = 50_000
_NAMED: dict[DatabaseKind, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def play(top: Path, hrhelper: Path, database: DatabaseKind, words: Words) -> None:
    """r1 under load, over to r2, over to r3 and back.

    Raises `demo.not-as-promised`; before anything is begun `demo.no-hrhelper` and
    `demo.no-postgresql`.
    """
    with staged(top, hrhelper, database, words.language) as stage:
        _install(stage, words)
        records_file = top / "load.jsonl"
        load = load_process(stage, records_file)
        try:
            first = _cross(stage, "r2", records_file, words)
            second = _cross(stage, "r3", records_file, words)
        finally:
            load.terminate()
            load.wait()
        quarantine = stage.root / ".parom" / "quarantine"
        found = writes(read_load(records_file), _names(stage), quarantine)
    told = summary(stage, first, second, found)
    (top / "summary.json").write_text(json.dumps(told, indent=1), "utf-8")
    show(words, top, first, second, found)
    judge(first, second, found)


def _install(stage: Stage, words: Words) -> None:
    """r1 with its data, and the checks once there is a token that they can use."""
    where = {"root": stage.root, "database": _NAMED[stage.kind]}
    _say(words.say("Production of HR Helper r1 in {root}, on {database}", **where))
    stage.build("r1")
    code = deploy(stage)
    if code:
        what = said("a deployment ended with {code}, not {expected}", code=code, expected=0)
        raise errors.not_as_promised(what)
    stage.manage("seed", "--rows", str(ROWS))
    stage.manage("ensure_api_token", "--username", "checks", "--file", str(stage.headers))
    write_config(stage, recipient_of(stage), checks=True)
    _say(words.say("{n} rows; readers and writers are at work from here on", n=ROWS))


def _cross(stage: Stage, release: str, records_file: Path, words: Words) -> Crossing:
    _say(words.say("HR Helper {release} goes over", release=release))
    return cross(stage, release, records_file)


def _names(stage: Stage) -> dict[str, str]:
    return names_on_server(stage.server.url) if stage.server else names_in_file(stage.database)


def _say(text: str) -> None:
    click.secho(f"\n== {text}", bold=True)
