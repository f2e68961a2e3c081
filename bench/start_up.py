"""How quickly `parom status` answers, beside the least that anything with Django costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_RUNS = 15


@dataclass(frozen=True)
class StartUp:
    """Medians in seconds."""

    status_s: float
    django_s: float
    runs: int

    @property
    def ratio(self) -> float:
        return self.status_s / self.django_s


def start_up(config: Path) -> StartUp:
    """Alternating runs after one of each that does not count, so that both meet the same noise."""
    parom = Path(sys.executable).with_name("parom")
    status = [str(parom), "--config", str(config), "status"]
    django = [sys.executable, "-c", "import django.db.models"]
    times: dict[str, list[float]] = {"status": [], "django": []}
    for number in range(_RUNS + 1):
        for name, argv in (("status", status), ("django", django)):
            began = time.perf_counter()
            subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
            if number:
                times[name].append(time.perf_counter() - began)
    return StartUp(statistics.median(times["status"]), statistics.median(times["django"]), _RUNS)
