"""Response times as they are on a machine that does other things too. Pure, seeded.

Lognormal around a median; bursts in which everything is slower (a backup, a checkpoint, a
neighbour); single outliers (a cold cache, a garbage collection); and drift, as load rises or falls.
Probes are not at whole seconds, and a tiny share fails.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from parom.verdict.samples import Answer


@dataclass(frozen=True)
class Noise:
    """How a machine disturbs. Times in seconds; shares from 0 to 1."""

    name: str
    sigma: float
    """Of the logarithm: 0.35 means that a third of all answers is 1.4 times off the median."""
    burst_every_s: float
    """On average; how long and how much slower is drawn for each."""
    burst_s: float
    burst_most: float
    outlier_share: float
    outlier_most: float
    drift: float
    """By how much the whole level may have gone up or down at the end, as a share."""
    wave: float
    """And by how much it may swing up and down slowly."""
    fails: float = 0.001


CALM = Noise("calm", 0.2, 900, 5, 2, 0.002, 10, 0.05, 0.03)
USUAL = Noise("usual", 0.35, 240, 12, 4, 0.01, 30, 0.15, 0.08)
ROUGH = Noise("rough", 0.45, 180, 15, 5, 0.02, 30, 0.20, 0.10)

MEDIAN_S = 0.05
"""Of the simulated endpoint, before."""


@dataclass(frozen=True)
class Weather:
    """What disturbs all endpoints of a machine at once: drawn once a watch."""

    bursts: tuple[tuple[float, float, float], ...]
    """(from, to, how many times slower)"""
    drift: float
    wave: float
    period_s: float
    phase: float

    def levels(self, begin: float, end: float) -> Iterator[float]:
        """How many times slower it is in each second."""
        coming = list(self.bursts)
        for second in range(int(begin), int(end)):
            while coming and coming[0][1] <= second:
                coming.pop(0)
            burst = coming[0][2] if coming and coming[0][0] <= second else 1.0
            drifted = 1 + self.drift * (second - begin) / (end - begin)
            swung = 1 + self.wave * math.sin(2 * math.pi * second / self.period_s + self.phase)
            yield burst * drifted * swung


def weather(chance: random.Random, noise: Noise, begin: float, end: float) -> Weather:
    """One watch's disturbances between two moments."""
    bursts, at = [], begin
    while True:
        at += chance.expovariate(1 / noise.burst_every_s)
        if at >= end:
            break
        length = chance.expovariate(1 / noise.burst_s)
        bursts.append((at, at + length, chance.uniform(1.5, noise.burst_most)))
        at += length
    return Weather(
        tuple(bursts),
        chance.uniform(-noise.drift, noise.drift),
        chance.uniform(0, noise.wave),
        chance.uniform(600, 3600),
        chance.uniform(0, 2 * math.pi),
    )


def answers(
    chance: random.Random,
    noise: Noise,
    sky: Weather,
    span: tuple[float, float],
    factor: float = 1.0,
) -> Iterator[Answer]:
    """One probe a second from the first moment to the last; from 0 on `factor` times slower."""
    begin, end = span
    phase = chance.random()
    for second, level in enumerate(sky.levels(begin, end), start=int(begin)):
        seconds = MEDIAN_S * level * chance.lognormvariate(0, noise.sigma)
        if chance.random() < noise.outlier_share:
            seconds *= chance.uniform(3, noise.outlier_most)
        status = 502 if chance.random() < noise.fails else 200
        yield Answer(second + phase, status, seconds * (factor if second >= 0 else 1.0))
