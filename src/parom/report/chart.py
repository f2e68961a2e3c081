"""Places on a chart: time to the right, and height on a logarithmic scale.

Response times differ by powers of ten: on a linear scale a limit of 500 ms would press a
baseline of 4 ms to the ground.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 5.0)
_MOST_MARKS = 6
_ROOM = 1.5
"""Above the highest and below the lowest value."""


@dataclass(frozen=True)
class Scale:
    """From values to shares of a length."""

    least: float
    most: float
    is_logarithmic: bool = False

    def place(self, value: float) -> float:
        """0 to 1; what lies outside is put on the edge."""
        least, most, at = self.least, self.most, value
        if self.is_logarithmic:
            least, most, at = math.log(least), math.log(most), math.log(max(value, 1e-9))
        share = (at - least) / (most - least) if most > least else 0.5
        return round(min(1.0, max(0.0, share)), 4)

    def marks(self) -> tuple[float, ...]:
        """Round values in between: 1, 2 and 5 of each power of ten, or as many as fit."""
        low, high = math.floor(math.log10(self.least)), math.ceil(math.log10(self.most))
        for steps in (_STEPS, _STEPS[::2], _STEPS[:1]):
            found = [step * 10.0**power for power in range(low, high + 1) for step in steps]
            inside = tuple(one for one in found if self.least <= one <= self.most)
            if len(inside) <= _MOST_MARKS:
                break
        return inside


def heights(values: Sequence[float]) -> Scale:
    """A logarithmic scale that holds all of these positive values, with some room."""
    return Scale(min(values) / _ROOM, max(values) * _ROOM, is_logarithmic=True)
