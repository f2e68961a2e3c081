"""Samples of old runs go; what reports show of them stays."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from datetime import datetime, timedelta

from parom.config.model import Config
from parom.journal import chain
from parom.journal.models import Run, Sample
from parom.journal.samples import RunSamples
from parom.report.condensed import MEASURED, condensed
from parom.report.measured import measured_of
from parom.report.reading import sources_of
from parom.report.story import Story

_MOST_AT_ONCE = 10
"""Each takes up to a second, with the environment's lock."""


def forget_samples(config: Config, now: datetime, watched: Collection[str]) -> list[str]:
    """Condense the samples of runs that ended `watch.samples_days` ago, the oldest first; the runs.

    `watched` are runs whose day goes on, or is still to be told. The caller holds the
    environment's lock. May be repeated; killed in between, the next call finishes it. One that
    cannot be condensed keeps its samples and keeps no other from being.
    """
    before = now - timedelta(days=config.watch.samples_days)
    with_samples = Sample.objects.values("run_id").distinct()
    old = Run.objects.filter(id__in=with_samples, state="finished", finished__lt=before)
    done = []
    for run in old.exclude(id__in=watched).order_by("started")[:_MOST_AT_ONCE]:
        try:
            _forget(run, config)
            done.append(run.id)
        except Exception:  # noqa: BLE001 - a run is never worse off for what an older one was
            traceback.print_exc()
    return done


def _forget(run: Run, config: Config) -> None:
    sources = sources_of(run, config)
    story = Story(sources.events)
    if story.last(MEASURED) is None:
        chain.append(run.id, MEASURED, "", condensed(measured_of(sources, story)))
    RunSamples(run.id).drop()
