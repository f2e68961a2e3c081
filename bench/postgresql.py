"""What PostgreSQL's adapter costs, beside PostgreSQL's own programs, in one run.

`python -m bench.postgresql [--size MB ...]` starts a server of its own, prints each promise with
its figure, and writes all figures to `var/bench/postgresql.json`. A missed one fails nothing.

- *swap*: the whole call, connections included, of `swap_in` and `swap_back` in turn; median.
- *snapshot*: the public waits so long.
- *ahead*: the copy that a return carries rows onto, made while nobody waits.
- *return*: the database's part of a late return: no more writes, 1,000 to 100,000 rows carried onto
  that copy, ids kept, the swap. None goes into quarantine: for that they would be read once more.
- *backup*: the archive, compressed, encrypted, read back and compared by the vault, against
  `pg_dump -Fc` with its own compression.
- *restored*: `check_copy` with all indexes, against `createdb` and `pg_restore`.
- *capture*: pgbench's transactions a second with it, by those without; rounds in turn. Small
  tables are looked through by a return; of large ones each row is noted when it is first changed:
  the same tables, taken for large.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.promises import Promise
from bench.tell import promises_table
from parom.adapters.databases.postgresql import since
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.vaults import identity
from parom.adapters.vaults.directory import DirectoryVault
from parom.facts import BackupManifest, TableCount
from parom.replay.changes import Changes
from tests.adapters.databases.postgresql import server as servers
from tests.adapters.databases.postgresql.server import Server

_LASTING = {"fsync": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
_ROW_BYTES = 1200
_SWAPS, _ROUNDS, _BENCH_S = 20, 5, 8
_FEW_BYTES = 32 * 2**20
_THIRD, _CAPTURE = 1 / 3, 0.05
_FILL = """
CREATE TABLE filled (id bigint PRIMARY KEY, number int, body text);
INSERT INTO filled SELECT n, n % 1000, (SELECT string_agg(md5((n * 40 + k)::text) || ' word ', '')
 FROM generate_series(1, 28) k) FROM generate_series(1, {rows}) n;
CREATE INDEX ON filled (number); VACUUM ANALYZE
"""
_NOTE = "CREATE TABLE note (id bigserial PRIMARY KEY, text text)"


def main() -> None:
    given = argparse.ArgumentParser(description="PostgreSQL's adapter, measured")
    given.add_argument("--size", type=int, nargs="+", default=[1000, 5000], metavar="MB")
    sizes = given.parse_args().size
    servers._CHEAP.update(_LASTING)
    results: dict[str, Any] = {"sizes": {}}
    with servers.running() as server, tempfile.TemporaryDirectory() as folder:
        for megabytes in sizes:
            print(f"== PostgreSQL, {megabytes} MB", flush=True)
            results["sizes"][f"{megabytes} MB"] = _of_size(server, megabytes, Path(folder))
            server.forget()
        print("== What the capture costs", flush=True)
        results["capture"] = _capture(server)
    place = Path("var/bench/postgresql.json")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    console = Console()
    console.print(promises_table(tuple(_promises(results))))
    for size, one in results["sizes"].items():
        console.print(f"{size}: " + ", ".join(f"{name} {took:.3g}" for name, took in one.items()))
    console.print(f"all figures: {place}", soft_wrap=True)


def _promises(results: dict[str, Any]) -> Iterator[Promise]:
    for size, one in results["sizes"].items():
        for name, key, most in (
            ("swap", "swap_s", 0.02),
            ("return with 1,000 rows", "return_1000_s", 1.0),
            ("return with 20,000 rows", "return_20000_s", 3.0),
        ):
            took = one[key]
            figure = f"{1000 * took:.0f} ms"
            yield Promise(f"{name}, {size}", figure, f"{1000 * most:.0f} ms", took <= most)
        share = one["parom_backup_s"] / one["pg_dump_s"]
        name = f"backup, of `pg_dump -Fc`, {size}"
        yield Promise(name, f"{share:.2f} (1/{1 / share:.1f})", "0.33", share <= _THIRD)
    for clients, one in results["capture"].items():
        for kind in ("small", "large"):
            cost = 1 - one[f"{kind}_ratio"]
            name = f"capture's cost in pgbench, {clients}, {kind} tables"
            yield Promise(name, f"{100 * cost:.1f} %", "5 %", cost <= _CAPTURE)


def _of_size(server: Server, megabytes: int, folder: Path) -> dict[str, float]:
    server.make_app(_NOTE)
    for statement in _FILL.format(rows=megabytes * 1_000_000 // _ROW_BYTES).split(";"):
        server.ask(statement)
    database = server.database()
    found = {"bytes": float(database.facts().size_bytes)}
    found |= _archive(server, database, folder)
    found["snapshot_s"] = _timed(lambda: database.snapshot("run"))
    found |= _returns(server, database)
    swaps = []
    for _ in range(_SWAPS):
        swaps += [
            _timed(lambda: database.swap_in("run")),
            _timed(lambda: database.swap_back("run")),
        ]
    found["swap_s"] = statistics.median(swaps)
    return found


def _returns(server: Server, database: PostgreSQLDatabase) -> dict[str, float]:
    """What a late return asks of the database under the stop, with its copy made ahead."""
    found = {}
    for rows in (1_000, 20_000, 100_000):
        database.install_capture(f"run-{rows}")
        server.ask("INSERT INTO note (text) SELECT n FROM generate_series(1, %s) n", rows)
        found[f"ahead_{rows}_s"] = _timed(lambda: database.copy_ahead("run", "run-ahead"))
        found[f"return_{rows}_s"] = _return(database, rows)
        database.copy_ahead("run", "run-ahead")
        found[f"applied_{rows}_s"] = _timed(
            lambda: database.carry_ahead("run", "run-applied", Changes(), "run-ahead")
        )
        server.ask("UPDATE note SET text = 'x' WHERE id > (SELECT max(id) - 100 FROM note)")
        found[f"return_applied_{rows}_s"] = _return(database, rows)
    database.remove_capture()
    return found


def _return(database: PostgreSQLDatabase, rows: int) -> float:
    """Seconds until the copy with the rows is live. What was live is live again afterwards."""
    began = time.perf_counter()
    with database.held_still():
        carried = database.carry("run", "run-carried", Changes(), "run-ahead", "run-applied")
        assert carried.tables == {"note": rows}
        assert database.capture_gaps() == ()
        assert carried.is_whole
    assert database.holders(frozenset()) == ()
    database.keep_ids("run-carried")
    database.swap_in("run-carried")
    took = time.perf_counter() - began
    database.swap_back("run-carried")
    database.discard("run-carried")
    return took


def _archive(server: Server, database: PostgreSQLDatabase, folder: Path) -> dict[str, float]:
    copy, own = folder / "copy", folder / "own"

    def packed() -> None:
        counts = database.copy_online(copy)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            public = identity.create(Path(work, "identity.txt"))
            DirectoryVault(Path(work, "vault"), (public,)).create(
                _manifest(counts, public),
                {"database": [("database", copy)]},
                lambda _part: None,
                Path(work, "scratch"),
                still={"database"},
            )

    def restored() -> None:
        server.admin.execute("CREATE DATABASE restored TEMPLATE template0")
        _program(server, "pg_restore", "-d", "restored", str(own))

    return {
        "parom_backup_s": _timed(packed),
        "pg_dump_s": _timed(lambda: _program(server, "pg_dump", "-Fc", "-f", str(own), "app")),
        "parom_restored_s": _timed(lambda: database.check_copy(copy, thorough=True)),
        "pg_restore_s": _timed(restored),
    }


def _manifest(counts: tuple[TableCount, ...], public: str) -> BackupManifest:
    return BackupManifest(
        id="bench",
        created=datetime.now(UTC),
        environment="bench",
        release_id="none",
        parts=(),
        tables=counts,
        migrations=(),
        recipients=(public,),
        verified=False,
        verified_how="",
    )


def _capture(server: Server) -> dict[str, Any]:
    server.make_app("SELECT 1")
    _program(server, "pgbench", "-i", "-q", "-s", "10", "app")
    server.ask("ALTER TABLE pgbench_history ADD id bigserial PRIMARY KEY")
    database, found = server.database(), dict[str, Any]()
    for clients in (1, 8):
        tps: dict[str, list[float]] = {"without": [], "small": [], "large": []}
        _transactions(server, clients)
        for number in range(_ROUNDS):
            for kind, rounds in tps.items():
                database.remove_capture()
                with _as_large(kind == "large"):
                    if kind != "without":
                        database.install_capture(f"round-{number}")
                rounds.append(_transactions(server, clients))
        base = statistics.median(tps["without"])
        found[f"{clients} clients"] = {f"{kind}_tps": rounds for kind, rounds in tps.items()} | {
            f"{kind}_ratio": statistics.median(tps[kind]) / base for kind in ("small", "large")
        }
    return found


@contextmanager
def _as_large(is_so: bool) -> Iterator[None]:
    """A capture that begins meanwhile takes the accounts, 128 MB, for too large to be looked
    through, as they are from scale 20 on; the other tables stay small at any scale."""
    most = since.LOOKED_THROUGH
    since.LOOKED_THROUGH = _FEW_BYTES if is_so else most
    try:
        yield
    finally:
        since.LOOKED_THROUGH = most


def _transactions(server: Server, clients: int) -> float:
    said = _program(server, "pgbench", "-T", str(_BENCH_S), "-c", str(clients), "-j", "2", "app")
    found = re.search(r"tps = ([\d.]+)", said)
    assert found is not None
    return float(found[1])


def _program(server: Server, name: str, *arguments: str) -> str:
    with server.access().environment("postgres") as environment:
        ran = subprocess.run(
            [server.programs / name, *arguments],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
    return ran.stdout


def _timed(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
