"""`python -m bench.log_speed`: how fast a log is followed and judged, and in how much memory.

Writes a log as Django and gunicorn do (a traceback in a thousand lines) into a temporary folder
that is removed, follows it from its beginning, signs every error, and gives all to the lane of the
logs; in a process of its own, whose memory is that of nothing else. Twice, the second log ten
times as large: constant memory is that both take the same. Writes `var/bench/log_speed.json`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.promises import Promise
from parom.verdict.logs import LogBaseline, LogLane
from parom.verdict.parameters import FULL
from parom.verdict.samples import LogLooked
from parom.verdict.tracebacks import Reading
from parom.watch.log_watch import LogPlace, looked
from parom.watch.position import Position

_LIMIT_S, _MORE_MEMORY = 6.0, 1.25
_EVERY = 1000
_LINE = (
    "2026-11-26 02:43:{second:02},{number:03} INFO django.server pid={worker} "
    '"GET /api/v1/finance/grades/{number}/ HTTP/1.1" 200 4223\n'
)
_FRAME = (
    '  File "/srv/shop/releases/r2/.venv/lib/python3.11/site-packages/django/core/handlers/base.py"'
    ", line {line}, in _get_response\n    response = wrapped_callback(request, *args, **kwargs)\n"
    "               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
)
_TRACEBACK = (
    "2026-11-26 02:43:34,123 ERROR django.request pid={worker} Internal Server Error: /a/{number}\n"
    "Traceback (most recent call last):\n{frames}"
    '  File "/srv/shop/releases/r2/apps/finance/views.py", line 12, in {function}\n'
    "    raise LookupError(number)\n"
    "LookupError: no grade {number} for 'Anna'\n"
)


@dataclass(frozen=True)
class LogSpeed:
    """One log, from its first byte to the verdict's lane."""

    size_bytes: int
    errors: int
    signatures: int
    seconds: float
    peak_bytes: int
    """Resident memory of the whole process at its largest."""


def write_log(file: Path, size: int) -> int:
    """A log of about that size; returns how many errors are in it."""
    frames = "".join(_FRAME.format(line=line) for line in range(5))
    lines = "".join(
        _LINE.format(second=n % 60, number=n, worker=70 + n % 4) for n in range(_EVERY)
    ).encode()
    errors, written = 0, 0
    with file.open("wb") as stream:
        while written < size:
            error = _TRACEBACK.format(
                worker=70 + errors % 4, number=errors, frames=frames, function=f"get_{errors % 9}"
            )
            written += stream.write(lines) + stream.write(error.encode())
            errors += 1
        stream.write(b"2026-11-26 02:44:00,000 INFO django.server pid=70 the end\n")
    return errors


def measure(size: int) -> LogSpeed:
    """One log of this size, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        log = Path(name) / "app.log"
        errors = write_log(log, size)
        argv = [sys.executable, "-m", "bench.log_speed", "--once", str(log)]
        said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        found = LogSpeed(**json.loads(said))
    assert found.errors == errors
    return found


def _once(log: Path) -> LogSpeed:
    began = time.perf_counter()
    look, _, _ = looked(log, "app", 1.0, LogPlace(Position()), Reading(("/srv/shop/releases/r2",)))
    lane = LogLane(LogBaseline(300), 0.0, FULL.logs).after(
        LogLooked(look.name, look.at, look.entries)
    )
    assert lane.alarm is not None
    return LogSpeed(
        log.stat().st_size,
        sum(one.entries for one in lane.sightings.values()),
        len(lane.sightings),
        time.perf_counter() - began,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def promises(small: LogSpeed, large: LogSpeed) -> tuple[Promise, ...]:
    """Issue 4: 1 GB in under 6 s, in constant memory."""
    share = large.peak_bytes / small.peak_bytes
    return (
        Promise(
            f"{large.size_bytes / 1e9:.2f} GB judged",
            f"{large.seconds:.2f} s",
            f"{_LIMIT_S:.0f} s",
            large.seconds < _LIMIT_S,
        ),
        Promise(
            "memory, of that for a tenth of the log",
            f"{large.peak_bytes / 1e6:.0f} MB of {small.peak_bytes / 1e6:.0f} MB: {share:.2f}",
            str(_MORE_MEMORY),
            share <= _MORE_MEMORY,
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.log_speed", description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000_000, help="bytes of the large log")
    parser.add_argument("--out", type=Path, default=Path("var/bench/log_speed.json"))
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        print(json.dumps(asdict(_once(given.once))))
        return
    small, large = measure(given.size // 10), measure(given.size)
    found = promises(small, large)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    whole = {"logs": [asdict(small), asdict(large)], "promises": [asdict(one) for one in found]}
    given.out.write_text(json.dumps(whole, indent=1), "utf-8")
    for one in found:
        verdict = "reached" if one.reached else "MISSED"
        print(f"{one.name}: {one.figure} (at most {one.limit}: {verdict})")
    print(f"{large.errors} errors with {large.signatures} signatures; all figures: {given.out}")


if __name__ == "__main__":
    main()
