"""Parom's encrypted, verified backup beside `zstd -1 -T2 | age` on the same file.

`python -m bench.backup_speed FILE FOLDER` prints the comparison; `measure` returns it. What is
timed of Parom is what a deployment does for its final backup (`steps.proving.proven`) with one
database in it: pack, compress, encrypt, sync, read the ciphertext back, decrypt, decompress,
unpack, compare each byte with the file, and check the file (structure and row counts). What is
timed of the pipe is that it ends; it syncs and verifies nothing.
"""

from __future__ import annotations

import contextlib
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.vaults import identity
from parom.adapters.vaults.directory import DirectoryVault
from parom.facts import BackupManifest, DatabaseCopy
from parom.steps.proving import DATABASE, proven

_EVERY_S = 0.05
_NAME = "database.sqlite3"


@dataclass(frozen=True)
class BackupSpeed:
    """One comparison. Seconds are the medians of the rounds."""

    file_bytes: int
    rounds: int
    parom_s: float
    parom_mb_per_s: float
    parom_cipher_bytes: int
    parom_peak_rss_bytes: int
    """The largest sum of the resident memory of all of Parom's processes, looked at every
    50 ms; what they share is counted for each."""
    pipe_s: float | None
    """None where age or zstd is not installed."""
    pipe_mb_per_s: float | None
    pipe_cipher_bytes: int | None
    ratio: float | None
    """parom_s / pipe_s."""
    ratio_lowest: float | None
    ratio_highest: float | None
    """Of single rounds, each beside the pipe that ran just before: how steady the machine was."""
    parom_cpu_s: float
    """Seconds of a core, all processes together: steadier than the clock on a busy machine."""
    pipe_cpu_s: float | None


def measure(file: Path, folder: Path, rounds: int = 3) -> BackupSpeed:
    """Both ways in turn, `rounds` times, within `folder`, which is left as it was."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        return _measured(file, Path(name), rounds)


def _measured(file: Path, work: Path, rounds: int) -> BackupSpeed:
    public = identity.create(work / "identity.txt")
    pipes = shutil.which("age") is not None and shutil.which("zstd") is not None
    parom: list[tuple[float, int, float]] = []
    pipe: list[tuple[float, int, float]] = []
    with file.open("rb") as stream:  # both find the file in the page cache
        while stream.read(1 << 20):
            pass
    for _ in range(rounds):
        if pipes:
            pipe.append(_pipe_once(file, work, public))
        parom.append(_parom_once(file, work, public))
    ratios = [one[0] / other[0] for one, other in zip(parom, pipe, strict=False)]
    size = file.stat().st_size
    seconds = _median([one[0] for one in parom])
    pipe_s = _median([one[0] for one in pipe]) if pipe else None
    return BackupSpeed(
        file_bytes=size,
        rounds=rounds,
        parom_s=round(seconds, 2),
        parom_mb_per_s=round(size / 1e6 / seconds, 1),
        parom_cipher_bytes=parom[0][1],
        parom_peak_rss_bytes=_peak_memory(file, work, public),
        pipe_s=round(pipe_s, 2) if pipe_s else None,
        pipe_mb_per_s=round(size / 1e6 / pipe_s, 1) if pipe_s else None,
        pipe_cipher_bytes=pipe[0][1] if pipe else None,
        ratio=round(seconds / pipe_s, 2) if pipe_s else None,
        ratio_lowest=round(min(ratios), 2) if ratios else None,
        ratio_highest=round(max(ratios), 2) if ratios else None,
        parom_cpu_s=round(_median([one[2] for one in parom]), 2),
        pipe_cpu_s=round(_median([one[2] for one in pipe]), 2) if pipe else None,
    )


def _pipe_once(file: Path, work: Path, public: str) -> tuple[float, int, float]:
    """(seconds, ciphertext bytes, seconds of a core)."""
    out, used = work / "pipe.age", _cpu(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    with out.open("wb") as target:
        compress = subprocess.Popen(
            ["zstd", "-q", "-1", "-T2", "-c", str(file)], stdout=subprocess.PIPE
        )
        subprocess.run(["age", "-r", public], stdin=compress.stdout, stdout=target, check=True)
        assert compress.wait() == 0
    took = time.perf_counter() - began
    size = out.stat().st_size
    out.unlink()
    return took, size, _cpu(resource.RUSAGE_CHILDREN) - used


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _cpu_of_all() -> float:
    return _cpu(resource.RUSAGE_SELF) + _cpu(resource.RUSAGE_CHILDREN)


def _parom_once(file: Path, work: Path, public: str) -> tuple[float, int, float]:
    """(seconds, ciphertext bytes, seconds of a core), in a process of its own."""
    with _parom_started(file, work, public) as process:
        said, _ = process.communicate()
    assert process.returncode == 0
    answer = json.loads(said)
    return answer["seconds"], answer["cipher_bytes"], answer["cpu_s"]


def _parom_started(file: Path, work: Path, public: str) -> subprocess.Popen[str]:
    argv = [sys.executable, "-m", "bench.backup_speed", "--once", str(file), str(work), public]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


def _peak_memory(file: Path, work: Path, public: str) -> int:
    """Of a round that is not timed: to look at the processes takes a part of a core."""
    peak = 0
    with _parom_started(file, work, public) as process:
        while process.poll() is None:
            peak = max(peak, _memory_of(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_EVERY_S)
    assert process.returncode == 0
    return peak


def _memory_of(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    total = 0
    for one in tree:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def _once(file: Path, work: Path, public: str) -> dict[str, float]:
    database = SQLiteDatabase(file, work / "none")
    copy = DatabaseCopy(file, database.counts())
    manifest = BackupManifest(
        id="speed",
        created=datetime.now(UTC),
        environment="bench",
        release_id="none",
        parts=(),
        tables=copy.tables,
        migrations=(),
        recipients=(public,),
        verified=False,
        verified_how="",
    )
    vault, scratch = work / "vault", work / "scratch"
    began, used = time.perf_counter(), _cpu_of_all()
    written = proven(
        DirectoryVault(vault, (public,)),
        database,
        copy,
        manifest,
        {DATABASE: [(_NAME, file)]},
        scratch,
    )
    took, used = time.perf_counter() - began, _cpu_of_all() - used
    shutil.rmtree(vault)
    assert not scratch.exists()
    return {
        "seconds": took,
        "cipher_bytes": written.parts[0].cipher_bytes,
        "cpu_s": used,
    }


def _median(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def lines_of(speed: BackupSpeed) -> list[str]:
    """The comparison in words."""
    size = speed.file_bytes / 1e6
    lines = [
        f"file            {size:8.0f} MB, median of {speed.rounds} rounds",
        f"parom           {speed.parom_mb_per_s:8.1f} MB/s  {speed.parom_s} s, verified "
        f"{speed.parom_cipher_bytes / 1e6:.0f} MB, "
        f"memory {speed.parom_peak_rss_bytes / 1e6:.0f} MB",
    ]
    if speed.pipe_s is None:
        return [*lines, "zstd | age      not measured: age or zstd is not installed"]
    return [
        *lines,
        f"zstd | age      {speed.pipe_mb_per_s:8.1f} MB/s  {speed.pipe_s} s, not verified, "
        f"{(speed.pipe_cipher_bytes or 0) / 1e6:.0f} MB",
        f"parom / pipe    {speed.ratio:8.2f}       (single rounds {speed.ratio_lowest} to "
        f"{speed.ratio_highest}; {speed.parom_cpu_s} and {speed.pipe_cpu_s} seconds of a core)",
    ]


if __name__ == "__main__":
    if sys.argv[1] == "--once":
        print(json.dumps(_once(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])))
    else:
        found = measure(Path(sys.argv[1]), Path(sys.argv[2]))
        print("\n".join(lines_of(found)))
        print(json.dumps(asdict(found)))
