"""What is simulated: each cell is one kind of release on one kind of machine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bench.noise import CALM, ROUGH, USUAL, Noise
from parom.verdict.parameters import FULL, SHORT, BaselineRule, Parameters


@dataclass(frozen=True)
class Cell:
    """Many watches of the same kind."""

    name: str
    noise: Noise = USUAL
    factor: float = 1.0
    """How many times slower the new release is."""
    failing: float = 0.0
    """The share of probes that it fails, from a moment within the watch on."""
    endpoints: int = 1
    baseline_s: int = 300
    parameters: Parameters = FULL

    @property
    def is_good(self) -> bool:
        """Whether going back would be wrong."""
        return self.factor == 1.0 and not self.failing


_LESS = BaselineRule(least_answers=30)

CELLS = (
    Cell("unchanged, calm", CALM),
    Cell("unchanged"),
    Cell("unchanged, rough", ROUGH),
    Cell("unchanged, one probe of 200 fails", replace(USUAL, fails=0.005)),
    Cell("unchanged, 5 endpoints", endpoints=5),
    Cell("unchanged, baseline of 60 s", baseline_s=60, parameters=replace(FULL, baseline=_LESS)),
    Cell("1.2 times slower", factor=1.2),
    Cell("1.5 times slower", factor=1.5),
    Cell("2 times slower, calm", CALM, 2),
    Cell("2 times slower", factor=2),
    Cell("2 times slower, rough", ROUGH, 2),
    Cell("3 times slower", factor=3),
    Cell("10 times slower", factor=10),
    Cell("10 times slower, rough", ROUGH, 10),
    Cell("every probe fails", failing=1.0),
    Cell("every third probe fails", failing=1 / 3),
    Cell("every tenth probe fails", failing=0.1),
    Cell("short run, unchanged", baseline_s=20, parameters=SHORT),
    Cell("short run, 3 times slower", factor=3, baseline_s=20, parameters=SHORT),
)
"""On the usual machine where no other is named."""
