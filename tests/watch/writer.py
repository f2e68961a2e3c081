"""Writes a log of numbered lines and rotates it, as a process of its own.

`python writer.py LOG LINES ROTATIONS HOW`: `renamed`, `compressed` (renamed and compressed at
once), `truncated` (copied, then truncated) or `dated`.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path


def rotate(log: Path, number: int, how: str) -> None:
    def older(name: int) -> Path:
        return log.with_name(f"{log.name}.{name}")

    match how:
        case "renamed":
            for name in range(number, 0, -1):
                older(name).rename(older(name + 1))
            log.rename(older(1))
        case "compressed":
            plain = log.rename(older(number))
            with plain.open("rb") as source, gzip.open(f"{plain}.gz", "wb") as packed:
                shutil.copyfileobj(source, packed)
            plain.unlink()
        case "truncated":
            shutil.copy(log, older(number))
            log.write_bytes(b"")
        case "dated":
            log.rename(log.with_name(f"{log.stem}-202611{number + 10}{log.suffix}"))


def main() -> None:
    log, lines, rotations, how = Path(sys.argv[1]), *map(int, sys.argv[2:4]), sys.argv[4]
    every, number = lines // (rotations + 1), 0
    for first in range(0, lines, every):
        with log.open("a") as file:
            for line in range(first, min(first + every, lines)):
                file.write(f"line {line:06}\n")
                file.flush()
        if number < rotations:
            rotate(log, number, how)
            number += 1


if __name__ == "__main__":
    main()
