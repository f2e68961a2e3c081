"""The command `parom`. Commands are imported when they are used: `status` must be quick."""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import click

from parom import __version__
from parom.cli.help_page import Speaking, speaking
from parom.cli.spoken import speak_as_in, words
from parom.errors import ExitCode, ParomError, usage
from parom.words.said import in_words, without_parts

_CONFIG = "parom.toml"
_COMMANDS = {
    "init": "parom.cli.init",
    "check": "parom.cli.doctor",
    "doctor": "parom.cli.doctor",
    "plan": "parom.cli.deploy",
    "deploy": "parom.cli.deploy",
    "resume": "parom.cli.deploy",
    "rollback": "parom.cli.deploy",
    "abort": "parom.cli.deploy",
    "approve": "parom.cli.deploy",
    "adopt": "parom.cli.adopt",
    "status": "parom.cli.status",
    "history": "parom.cli.history",
    "report": "parom.cli.report",
    "checklist": "parom.cli.checklist",
    "journal": "parom.cli.journal",
    "maintenance": "parom.cli.maintenance",
    "services": "parom.cli.maintenance",
    "backup": "parom.cli.backup",
    "quarantine": "parom.cli.quarantine",
    "notices": "parom.cli.notices",
    "demo": "parom.cli.demo",
}


class Lazy(click.Group):
    """A group whose commands live in modules of their own."""

    context_class = Speaking

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = getattr(importlib.import_module(module), cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return speaking(command)


@click.group(cls=Lazy)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=Path(_CONFIG),
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
    speak_as_in(context.obj)


def main() -> None:
    """Run the command; errors become messages with id, fact and cure, and an exit code."""
    wants_json = "--json" in sys.argv[1:]
    # `parom --help` ends before the options are read.
    speak_as_in(Path(os.environ.get("PAROM_CONFIG") or _CONFIG).absolute())
    try:
        code = parom.main(prog_name="parom", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(ExitCode.USAGE)
    except click.ClickException as wrong:
        from parom.cli.misuse import told

        problem = usage.wrong_usage(told(wrong), _command_of(wrong))
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read has had enough (`parom history | head`): nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ParomError as known:
        problem = known
    except OSError as refused:
        if refused.errno not in usage.OF_THE_WORLD:
            _end_as_bug(refused, wants_json)
        problem = usage.refused_by_the_system(refused)
    except Exception as bug:  # noqa: BLE001 - the last place that can say what happened
        _end_as_bug(bug, wants_json)
    _show(problem, wants_json)
    sys.exit(problem.exit_code)


def _command_of(wrong: click.ClickException) -> str:
    context = getattr(wrong, "ctx", None)
    return context.command_path if context else "parom"


def _show(problem: ParomError, wants_json: bool) -> None:
    if wants_json:
        record = without_parts(problem.as_record())
        click.echo(json.dumps({"error": record}, ensure_ascii=False))
        return
    said = words()
    click.secho(f"✗ {in_words(problem.fact, said)}", fg="red", err=True)
    click.echo(f"  {in_words(problem.cure, said)}", err=True)
    click.secho(f"  [{problem.id}]", dim=True, err=True)


def _end_as_bug(bug: Exception, wants_json: bool) -> NoReturn:
    problem = usage.bug(bug)
    traceback.print_exception(bug)
    _show(problem, wants_json)
    sys.exit(ExitCode.BUG)


if __name__ == "__main__":
    main()
