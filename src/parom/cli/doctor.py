"""Look at the configuration, and at the world that it describes."""

from __future__ import annotations

import json
from pathlib import Path

import click

from parom.cli.spoken import words
from parom.errors import ExitCode
from parom.words.said import in_words

_MARKS = {"good": ("✓", "green"), "note": ("·", "cyan"), "warning": ("!", "yellow"),
          "wrong": ("✗", "red")}  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def check(config_path: Path, as_json: bool) -> int:
    """Read the configuration and nothing else: is every key known and every value possible?"""
    from parom.config.reading import read

    config = read(config_path)
    if as_json:
        click.echo(json.dumps({"config": str(config_path), "valid": True}))
    else:
        click.echo(
            words().say(
                "✓ {config} is valid: {project} ({environment}) in {root}. "
                "`parom doctor` compares it with the world.",
                config=config_path,
                project=config.project.name,
                environment=config.project.environment,
                root=config.project.root,
            )
        )
    return ExitCode.DONE


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def doctor(config_path: Path, as_json: bool) -> int:
    """Say what is missing or wrong for a deployment. Changes nothing."""
    from parom.config.reading import read
    from parom.doctor.examine import examine
    from parom.doctor.observation import Health

    config = read(config_path)
    found, said = [], words()
    for area, one in examine(config):
        found.append((area, one))
        if not as_json:
            mark, colour = _MARKS[one.health]
            click.secho(f"{mark} ", fg=colour, nl=False)
            click.echo(f"{said.say(area):11} {in_words(one.fact, said)}")
            if one.cure:
                click.echo(f"  {'':11} → {in_words(one.cure, said)}")
            if one.health in (Health.WARNING, Health.WRONG):
                click.secho(f"  {'':11} [{one.id}]", dim=True)
    wrong = sum(one.health is Health.WRONG for _, one in found)
    warnings = sum(one.health is Health.WARNING for _, one in found)
    if as_json:
        document = {
            "ready": not wrong,
            "observations": [{"area": area, **one.as_record()} for area, one in found],
        }
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(_sum(wrong, warnings))
    return ExitCode.REFUSED if wrong else ExitCode.DONE


def _sum(wrong: int, warnings: int) -> str:
    say = words().say
    told = say("{n} warning(s)", n=warnings) if warnings else say("no warnings")
    if wrong:
        return say(
            "{n} thing(s) stand in the way of a deployment, {warnings}. Nothing was changed.",
            n=wrong,
            warnings=told,
        )
    return say("Ready for `parom deploy`; {warnings}.", warnings=told)
