"""Past runs, and what they amount to."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli import spoken

if TYPE_CHECKING:
    from parom.report.delivery import Delivery
    from parom.words.language import Words


@click.command()
@click.option(
    "--last",
    type=click.IntRange(1, 10_000),
    metavar="N",
    default=20,
    show_default=True,
    help="How many.",
)
@click.option(
    "--days",
    type=click.FloatRange(min=1, max=3650),
    metavar="N",
    default=90.0,
    show_default=True,
    help="Of how many days the figures are.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.pass_obj
def history(config_path: Path, last: int, days: float, as_json: bool) -> None:
    """List runs, the newest first, and how often, how well and how fast is deployed."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    from parom.journal.models import Run
    from parom.report.delivery import delivery_of
    from parom.report.past import past_runs

    words = spoken.words()
    figures = delivery_of(past_runs(config.project.environment), datetime.now(UTC), days)
    runs = [
        {
            "run": run.id,
            "kind": run.kind,
            "asked": run.asked,
            "who": run.who,
            "started": run.started.isoformat(timespec="seconds"),
            "release": run.plan["release_id"],
            "outcome": run.outcome or run.state,
            "exit_code": run.exit_code,
        }
        for run in Run.objects.order_by("-started")[:last]
    ]
    if as_json:
        told = {"runs": runs, "delivery": figures.as_record()}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for one in runs:
        kind, outcome = words.say(one["kind"]), words.say(one["outcome"])
        click.echo(f"{one['started'][:19]}  {one['run']}  {kind:9} {outcome}")
        what = words.say(
            "{asked} by {who}, release {release}",
            asked=one["asked"],
            who=one["who"],
            release=one["release"],
        )
        click.echo(f"    {what}")
    click.echo(_said(figures, words))


def _span(days: float, words: Words) -> str:
    """Of a history of some minutes a day is said: longer it was not looked at either."""
    from parom.words.figures import duration

    if days < 1:
        return words.say("The last day:")
    return words.say("The last {t}:", t=duration(words, days * 86_400))


def _said(figures: Delivery, words: Words) -> str:
    from parom.words.figures import duration, number, share

    def median_of(seconds: float | None) -> str:
        return "–" if seconds is None else duration(words, seconds)

    rate = figures.change_failure_rate
    failed = words.say("{n} of {all}", n=figures.failed, all=figures.deployments)
    lines = [
        "",
        _span(figures.days, words),
        words.say("  deployments            {n}, {per_week} a week", n=figures.deployments,
                  per_week=number(words, figures.per_week)),
        words.say("  change failure rate    {share} ({failed})", failed=failed,
                  share="–" if rate is None else share(words, rate)),
        words.say("  lead time              {t}", t=median_of(figures.lead_time_s)),
        words.say("  time to restore        {t}; the public had a failed release for {exposed}",
                  t=median_of(figures.time_to_restore_s), exposed=median_of(figures.exposed_s)),
        words.say("  caught before opening  {n}", n=figures.caught),
    ]  # fmt: skip
    return "\n".join(lines)
