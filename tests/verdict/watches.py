"""Watches to judge: a release that is good in everything, and what may be wrong with it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from parom.verdict.before import Before, measured_before
from parom.verdict.expected import Expected
from parom.verdict.observed import Observed, observed
from parom.verdict.parameters import FULL, Parameters
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogEntry,
    LogLooked,
    PageLoaded,
    Probed,
    Sample,
    Used,
)
from parom.verdict.signature import Signature

OPENED = 1000.0
EXPECTED = Expected(
    endpoints=("/a/", "/b/"),
    services=("web",),
    logs=("app.log",),
    functions=("finance",),
    pages=("/",),
)
KNOWN = Signature("ValueError", "apps/old.py", "get", "bad")
NEW = Signature("KeyError", "apps/new.py", "get", "''")

Change = Callable[[Sample], Sample | None]


def second(at: float, chance: random.Random, since: float) -> Iterator[Sample]:
    """All that is looked at in one second, of an installation in which all is well."""
    for name in EXPECTED.endpoints:
        yield Probed(name, Answer(at, 200, 0.05 * chance.lognormvariate(0, 0.25)))
    yield Checked(CheckKind.START, "web", at, True)
    yield Checked(CheckKind.DATABASE, "", at, True)
    yield Used(at, 200_000_000, 0.2)
    yield LogLooked("app.log", at)
    if (at - since) % 300 == 0:
        yield Checked(CheckKind.FUNCTION, "finance", at, True)
    if (at - since) % 60 == 0:
        yield PageLoaded("/", at, 0.8)


def before(seed: int = 1) -> Before:
    chance = random.Random(seed)
    samples = [one for at in range(300) for one in second(OPENED - 301 + at, chance, OPENED - 301)]
    entry = LogEntry(KNOWN, "1")
    samples = [
        replace(one, entries=(entry,)) if isinstance(one, LogLooked) and one.at % 20 == 0 else one
        for one in samples
    ]
    return measured_before(samples, OPENED, FULL, EXPECTED.logs)


def proofs() -> Iterator[Sample]:
    """What was proven before the public was let in."""
    yield Checked(CheckKind.DJANGO, "check --deploy", OPENED - 20, True)
    for name in EXPECTED.endpoints:
        yield Checked(CheckKind.ENDPOINT, name, OPENED - 10, True)


def samples(seconds: int = 1800, change: Change = lambda one: one) -> Iterator[Sample]:
    """A watch, with `change` made to each sample after opening; None leaves it out."""
    chance = random.Random(2)
    yield from proofs()
    for at in range(seconds):
        for one in second(OPENED + at, chance, OPENED):
            changed = change(one)
            if changed is not None:
                yield changed


def watched(
    seconds: int = 1800,
    change: Change = lambda one: one,
    *,
    known: Before | None = None,
    expected: Expected = EXPECTED,
    parameters: Parameters = FULL,
) -> Observed:
    fresh = observed(parameters, expected, before() if known is None else known, OPENED)
    return fresh.after_all(samples(seconds, change))
