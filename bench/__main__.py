"""`python -m bench`: Parom beside the old shell plan, on the same data, in one run.

Prints a table and one line a promise, and writes `var/bench/deploy.json`. A missed target is
told plainly and does not change the exit status; what cannot run does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.backup_speed import measure
from bench.crossing import run_parom
from bench.data import Dataset, Shape, dataset
from bench.promises import promises
from bench.seen import DEFINITIONS
from bench.shell import run_shell_plan
from bench.swap import measure_swap
from bench.tell import tell

_SIZES = {"": 1, "kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_SMALL = 10_000_000


def main() -> None:
    given = _arguments()
    folder, hrhelper = given.folder.absolute(), given.hrhelper.absolute()
    shape = Shape(given.rows) if given.rows else Shape.of_size(given.size)
    cache = folder / "cache"
    data = dataset(cache, hrhelper, shape)
    small = dataset(cache, hrhelper, Shape.of_size(_SMALL))
    print(f"== The data: {data.size / 1e6:.0f} MB in {shape.rows} rows", flush=True)
    results: dict[str, Any] = {
        "data": {
            "rows": shape.rows,
            "text_bytes": shape.text_bytes,
            "size_bytes": data.size,
            "rate": given.rate,
            "processors": os.cpu_count(),
        },
        "definitions": DEFINITIONS,
    }
    print("== The shell plan, over and back", flush=True)
    results["shell"] = run_shell_plan(folder / "shell", hrhelper, data, given.rate)
    print("== Parom, over and back", flush=True)
    results["parom"] = run_parom(folder / "parom", hrhelper, data, given.rate)
    results["status"] = results["parom"].pop("status")
    print("== The database's return, and a backup, by themselves", flush=True)
    results["swaps"] = _swaps(folder, small, data)
    results["backup"] = asdict(measure(data.database, folder))
    found = promises(results)
    results["promises"] = [asdict(one) for one in found]
    out = folder / "deploy.json"
    out.write_text(json.dumps(results, indent=1), "utf-8")
    tell(results, found)
    print(f"\nall figures: {out}")


def _swaps(folder: Path, *data: Dataset) -> list[dict[str, Any]]:
    return [asdict(measure_swap(one.database, folder / "swap")) for one in data]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", type=_size, default=1_000_000_000, help="1GB, 100MB, ...")
    parser.add_argument("--rows", type=int, help="instead of --size: rows to seed")
    parser.add_argument("--rate", type=float, default=200, help="requests a second")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"))
    parser.add_argument("--hrhelper", type=Path, default=Path("hrhelper"))
    return parser.parse_args()


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?b?)", text.strip().lower())
    if match is None or match[2] in ("k", "m", "g"):
        message = f"{text!r} is not a size such as 100MB"
        raise argparse.ArgumentTypeError(message)
    return int(float(match[1]) * _SIZES[match[2] if match[2] != "b" else ""])


if __name__ == "__main__":
    main()
