"""`parom quarantine apply`: rows go back into the live database; the caller holds the lock."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from parom.engine.batches import Batches, Point, settle, settlements
from parom.engine.identity import person
from parom.engine.origin import Origin, origin_of
from parom.engine.putting_back import Choice, Tally, known_of, put_back
from parom.errors import quarantine as errors
from parom.journal import chain
from parom.quarantine.folder import Folder, folder_of, folders
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted
from parom.steps.step import Installation


def apply(
    installation: Installation,
    run_id: str,
    choice: Choice,
    point: Point = lambda _name: None,
) -> Tally:
    """Put back what can be; what becomes of each row is recorded and journalled.

    Raises `quarantine.unknown`, `quarantine.incomplete`, `quarantine.unknown-origin`,
    `quarantine.between`, `quarantine.no-such-row`, `quarantine.record-damaged`, and what
    `LiveRows.put` raises.
    """
    folder, origin = _asked(installation, run_id)
    who, database_id = person(), installation.database.live_id()
    with installation.database.single_rows() as rows:
        settle(folders(installation.state), rows, database_id, who)
        known = known_of(origin, run_id, rows, choice)
        batches = Batches(folder, rows, database_id, who, point)
        tally = put_back(folder, known, choice, folder.put_back(), batches.put)
        if rows.marks() is not None:
            rows.clear_marks()
    stayed = {why: n for (_, why), n in sorted(tally.stayed.items())}
    told = {"run": run_id, "who": who, "put_back": dict(tally.back), "stayed": stayed}
    chain.append("", "quarantine-applied", "", {**told, "in_part": dict(tally.in_part)})
    return tally


def try_out(installation: Installation, run_id: str, choice: Choice) -> Tally:
    """What `apply` would do, tried out; the same is raised."""
    folder, origin = _asked(installation, run_id)
    with installation.database.trial_rows() as rows:
        known, done = known_of(origin, run_id, rows, choice), folder.put_back()
        for record in settlements(done, rows.marks(), installation.database.live_id()):
            done.take(record)
        rows.make_ready()

        def put(wanted: Sequence[Wanted], _names: Sequence[str]) -> dict[int, Stay | None]:
            return dict(rows.put(secrets.token_hex(6), wanted, lambda _results: ""))

        return put_back(folder, known, choice, done, put)


def _asked(installation: Installation, run_id: str) -> tuple[Folder, Origin]:
    folder = folder_of(installation.state, run_id)
    origin = origin_of(run_id)
    if origin is None:
        raise errors.unknown_origin(run_id)
    return folder, origin
