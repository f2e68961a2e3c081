"""The rows that returns could not keep: which there are, and putting them back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from parom.cli.spoken import words
from parom.errors import ExitCode

if TYPE_CHECKING:
    from parom.engine.putting_back import Tally
    from parom.quarantine.folder import Folder
    from parom.quarantine.lines import Line

as_json = click.option("--json", "as_json", is_flag=True, help="JSON.")


@click.group()
def quarantine() -> None:
    """The rows that a return could not keep: list them, look at them, put them back."""


@quarantine.command("list")
@as_json
@click.pass_obj
def list_quarantines(config_path: Path, as_json: bool) -> None:
    """List the quarantines, the newest first, with their rows by table and by reason."""
    from parom.cli.quarantine_lines import lines_of_totals
    from parom.quarantine.folder import folders

    state = _opened(config_path)
    found = [_record_of(folder) for folder in folders(state)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for record in found:
        click.echo("\n".join(lines_of_totals(record, words())))
    if not found:
        click.echo(words().say("No return has left anything in quarantine."))


@quarantine.command()
@click.argument("run_id", metavar="RUN")
@click.option("--table", "tables", multiple=True, metavar="T", help="Only rows of this table.")
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000_000),
    metavar="N",
    default=20,
    show_default=True,
    help="Show so many rows at most; with --json all, if it is not given.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def show(
    context: click.Context, run_id: str, tables: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Show the rows of RUN: what they hold, why they are apart, whether they are back."""
    from parom.quarantine.folder import folder_of

    folder = folder_of(_opened(context.obj), run_id)
    if as_json:
        given = context.get_parameter_source("limit") is not ParameterSource.DEFAULT
        _show(folder, tables, limit if given else None, _print_record)
        return
    left = _show(folder, tables, limit, _print_row)
    if left:
        told = words().count(
            "{number} more row: --limit shows more, --json all",
            "{number} more rows: --limit shows more, --json all",
            left,
        )
        click.echo(told)


@quarantine.command()
@click.argument("run_id", metavar="RUN")
@click.option("--table", "tables", multiple=True, metavar="T", help="Only rows of this table.")
@click.option(
    "--key", "keys", multiple=True, metavar="T:K", help="Only this row, as `show` names it."
)
@click.option(
    "--as-they-are",
    is_flag=True,
    help="Also rows whose values a migration may have changed: you have looked at them.",
)
@click.option("--dry-run", is_flag=True, help="Try it out, and say what would happen.")
@as_json
@click.pass_obj
def apply(
    config_path: Path,
    run_id: str,
    tables: tuple[str, ...],
    keys: tuple[str, ...],
    as_they_are: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Put the rows of RUN back into the live database, where that overwrites nobody's work.

    The application may run. Each row that cannot be put back stays, with the reason.
    """
    from parom.cli.maintenance import _alone as alone

    installation = alone(config_path)
    # The journal's tables can be imported only once it is open.
    from parom.day.keeping import settle
    from parom.engine import applying
    from parom.engine.putting_back import Choice
    from parom.environment import proxies_here

    choice = Choice(frozenset(tables), frozenset(keys), as_they_are)
    work = applying.try_out if dry_run else applying.apply
    tally = work(installation, run_id, choice)
    settle(installation.config, proxies_here())
    return _say(tally, run_id, dry_run=dry_run, as_json=as_json)


def _say(tally: Tally, run_id: str, *, dry_run: bool, as_json: bool) -> int:
    """What became of the rows; the exit code."""
    from parom.cli.quarantine_lines import lines_of_tally

    code = _exit_code(tally)
    told = {
        "run": run_id,
        "dry_run": dry_run,
        "put_back": dict(sorted(tally.back.items())),
        "in_part": dict(sorted(tally.in_part.items())),
        "before": tally.before,
        "stayed": [
            {"table": table, "why": why.value, "rows": number}
            for (table, why), number in sorted(tally.stayed.items())
        ],
        "exit_code": int(code),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo("\n".join(lines_of_tally(told, words())))
    return int(code)


def _exit_code(tally: Tally) -> ExitCode:
    """Rows that stay need a person; where none was put back, nothing was changed."""
    if not (tally.stayed or tally.in_part):
        return ExitCode.DONE
    return ExitCode.NEEDS_PERSON if tally.back or tally.in_part else ExitCode.REFUSED


def _opened(config_path: Path) -> Path:
    """Parom's folder of the installation, its journal open."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    return config.state


def _record_of(folder: Folder) -> dict[str, Any]:
    """One quarantine as plain data."""
    from parom.engine.origin import origin_of
    from parom.quarantine.folder import totals_of

    origin = origin_of(folder.run_id)
    record: dict[str, Any] = {
        "run": folder.run_id,
        "when": origin.when if origin else None,
        "from": origin.newer if origin else None,
        "back_to": origin.older if origin else None,
        "complete": folder.is_complete,
        "file": str(folder.rows),
    }
    if folder.is_complete:
        found = totals_of(folder)
        record |= {
            "rows": found.rows,
            "tables": dict(sorted(found.tables.items())),
            "reasons": dict(sorted(found.reasons.items())),
            "put_back": found.back,
            "unreadable": found.unreadable,
        }
    return record


def _show(folder: Folder, tables: tuple[str, ...], limit: int | None, tell: Any) -> int:
    """Print up to `limit` rows; how many more there are.

    Raises `quarantine.damaged` once all that can be read was shown.
    """
    from parom.errors import quarantine as errors
    from parom.quarantine.lines import Line, lines_of

    back, shown, left, unreadable, first = folder.put_back(), 0, 0, 0, 0
    for line in lines_of(folder.rows):
        if not isinstance(line, Line):
            unreadable, first = unreadable + 1, first or line.number
        elif tables and line.row.table not in tables:
            continue
        elif limit is not None and shown >= limit:
            left += 1
        else:
            tell(line, back.is_back(line.number), back.in_part.get(line.number))
            shown += 1
    if unreadable:
        raise errors.damaged(folder.rows, unreadable, first)
    return left


def _print_record(line: Line, is_back: bool, columns: tuple[str, ...] | None) -> None:
    from parom.quarantine.lines import key_text

    record = {
        "line": line.number,
        "name": key_text(line.row),
        **vars(line.row),
        "why": line.why,
        "carried": line.carried,
        "put_back": is_back,
        "put_back_without": list(columns or ()) if not is_back else [],
    }
    click.echo(json.dumps(record, ensure_ascii=False))


def _print_row(line: Line, is_back: bool, columns: tuple[str, ...] | None) -> None:
    from parom.cli.quarantine_lines import lines_of_row

    click.echo("\n".join(lines_of_row(line, is_back, columns or (), words())))
