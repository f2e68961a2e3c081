"""One run: its steps, or its report as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.errors import engine as errors
from parom.errors import report as report_errors

if TYPE_CHECKING:
    from parom.config.model import Config
    from parom.journal.models import Run
    from parom.report.record import DeploymentReport

_OUT = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.command()
@click.argument("run_id", default="")
@click.option("--html", type=_OUT, help="Write the report as one page of HTML (-: print it).")
@click.option("--markdown", type=_OUT, help="Write it as Markdown.")
@click.option("--record", type=_OUT, help="Write it as one JSON object.")
@click.option("--language", type=click.Choice(["en", "ru"]), help="By default that of parom.toml.")
@click.option("--json", "as_json", is_flag=True, help="Events as JSON, one a line.")
@click.pass_obj
def report(
    config_path: Path,
    run_id: str,
    html: Path | None,
    markdown: Path | None,
    record: Path | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Show one run (the last by default), step by step, or write its report."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    run = run_named(run_id)
    wanted = {"html": html, "markdown": markdown, "record": record}
    if not any(wanted.values()):
        _show_steps(run, as_json=as_json)
        return
    written = _write(run, config, wanted, language or config.project.language)
    if as_json:
        click.echo(json.dumps({"run": run.id, "written": written}, ensure_ascii=False))
    else:
        for place in written.values():
            click.echo(place, err=True)


def run_named(run_id: str) -> Run:
    """The run, or the last one; the journal must be open. Raises `run.unknown`."""
    from parom.journal.models import Run

    runs = Run.objects.order_by("-started")
    run = (runs.filter(id=run_id) if run_id else runs).first()
    if run is None:
        raise errors.unknown_run(run_id, tuple(runs.values_list("id", flat=True)[:3]))
    return run


def derived(run: Run, config: Config) -> DeploymentReport:
    """Its report as the journal has it now. Raises `run.newer-plan`."""
    from parom.report.deriving import report_of
    from parom.report.reading import sources_of

    try:
        return report_of(sources_of(run, config))
    except ValueError as problem:
        raise errors.newer_plan(run.id, str(problem)) from None


def _write(
    run: Run, config: Config, wanted: dict[str, Path | None], language: str
) -> dict[str, str]:
    """The files that were asked for, by kind. Raises `report.cannot-write`."""
    from parom.report.html import as_html
    from parom.report.markdown import as_markdown
    from parom.report.pages.whole import document_of
    from parom.report.reading import zone_of
    from parom.report.writing import as_json
    from parom.words.language import Language

    found = derived(run, config)
    document = document_of(found, Language(language), zone_of(config))
    texts = {
        "html": lambda: as_html(document),
        "markdown": lambda: as_markdown(document),
        "record": lambda: as_json(found),
    }
    written = {}
    for kind, path in wanted.items():
        if path is None:
            continue
        if str(path) == "-":
            click.echo(texts[kind](), nl=False)
            continue
        try:
            path.write_text(texts[kind](), encoding="utf-8")
        except OSError as problem:
            raise report_errors.cannot_write(path, problem.strerror or str(problem)) from None
        written[kind] = str(path)
    return written


def _show_steps(run: Run, *, as_json: bool) -> None:
    from parom.cli.ending import ending_of, told_events, words_of
    from parom.cli.follow import as_json_line
    from parom.cli.lines import line_of
    from parom.cli.spoken import words
    from parom.journal.models import Event
    from parom.plan.plan import Plan

    said = words()
    events = told_events(Event.objects.filter(run_id=run.id).order_by("number"))
    for told in events:
        if as_json:
            click.echo(as_json_line(told))
        elif line := line_of(told, said):
            click.echo(line)
    if run.exit_code is not None and not as_json:
        plan = Plan.from_record(run.plan)
        ending = ending_of(plan, run.outcome, run.exit_code, events, said)
        click.echo(words_of(ending, said))
