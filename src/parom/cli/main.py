"""The command `parom`. Commands are imported when they are used: `status` must be quick."""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from pathlib import Path

import click

from parom import __version__
from parom.errors import ExitCode, ParomError

_COMMANDS = {
    "init": "parom.cli.init",
    "check": "parom.cli.doctor",
    "doctor": "parom.cli.doctor",
    "plan": "parom.cli.deploy",
    "deploy": "parom.cli.deploy",
    "resume": "parom.cli.deploy",
    "rollback": "parom.cli.deploy",
    "abort": "parom.cli.deploy",
    "status": "parom.cli.status",
    "history": "parom.cli.history",
    "report": "parom.cli.history",
    "journal": "parom.cli.journal",
    "maintenance": "parom.cli.maintenance",
    "services": "parom.cli.maintenance",
    "backup": "parom.cli.backup",
    "demo": "parom.cli.demo",
}


class Lazy(click.Group):
    """A group whose commands live in modules of their own."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command


@click.group(cls=Lazy)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path("parom.toml"),
    envvar="PAROM_CONFIG",
    show_default=True,
    help="The installation's configuration file.",
)
@click.version_option(__version__, prog_name="parom")
@click.pass_context
def parom(context: click.Context, config: Path) -> None:
    """Takes a Django application and its database to the next release, proves that it works,
    and brings both back if it does not."""
    context.obj = config.absolute()


def main() -> None:
    """Run the command; errors become messages with id, fact and cure, and an exit code."""
    wants_json = "--json" in sys.argv[1:]
    try:
        code = parom.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as problem:
        if wants_json:
            _print_json("usage", problem.format_message(), "See `parom --help`.", ExitCode.USAGE)
        else:
            problem.show()
        sys.exit(ExitCode.USAGE)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except ParomError as problem:
        _show(problem, wants_json)
        sys.exit(problem.exit_code)
    except Exception as bug:  # noqa: BLE001 - the last place that can say what happened
        _show_bug(bug, wants_json)
        sys.exit(ExitCode.BUG)


def _show(problem: ParomError, wants_json: bool) -> None:
    if wants_json:
        click.echo(json.dumps({"error": problem.as_record()}, ensure_ascii=False))
        return
    click.secho(f"✗ {problem.fact}", fg="red", err=True)
    click.echo(f"  {problem.cure}", err=True)
    click.secho(f"  [{problem.id}]", dim=True, err=True)


def _show_bug(bug: Exception, wants_json: bool) -> None:
    cure = "Please report it, with the traceback."
    if wants_json:
        _print_json("parom.bug", f"{type(bug).__name__}: {bug}", cure, ExitCode.BUG)
    traceback.print_exception(bug)
    click.secho(f"✗ Parom itself failed. {cure}", fg="red", err=True)


def _print_json(id_: str, fact: str, cure: str, code: ExitCode) -> None:
    record = {"id": id_, "fact": fact, "cure": cure, "exit_code": int(code)}
    click.echo(json.dumps({"error": record}, ensure_ascii=False))


if __name__ == "__main__":
    main()
