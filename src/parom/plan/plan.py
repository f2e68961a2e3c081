"""The plan of one run: which steps, in which order, with which parameters.

It is stored in the run as JSON, so that a later Parom can finish what an earlier began.
Step names and parameters are a stored format: `SCHEMA` counts its changes.
"""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA = 4
"""2: a deployment may wait for a window or an approval, and override avoided hours. 3: a
rollback knows what the migrations changed. 4: what a return needs first is prepared."""


class Kind(enum.StrEnum):
    DEPLOY = "deploy"
    INSTALL = "install"
    """The first release of an empty root: there is nothing to go back to but nothing."""
    ROLLBACK = "rollback"
    PARTIAL = "partial"
    REHEARSAL = "rehearsal"
    """`parom plan`: everything that can be known beforehand, then all of it taken back."""
    RECOVERY = "recovery"
    """An empty root becomes the running installation, from what a backup was unpacked to."""


PREPARE = (
    "installation.adopt",
    "release.fetch",
    "release.build",
    "gates.code",
    "backup.online",
    "rehearsal.run",
    "cutover.await",
    "baseline.measure",
    "database.precopy",
    "release.record",
    "migration.load",
)
CUTOVER = (
    "gateway.hold",
    "services.stop",
    "database.snapshot",
    "release.switch",
    "database.migrate",
    "capture.install",
    "services.private",
    "checks.private",
    "services.background",
    "gateway.open",
    "services.web",
)
AFTER = ("return.prepare", "backup.final", "watch.run", "release.accept")

DEPLOY_STEPS = PREPARE + CUTOVER + AFTER
INSTALL_STEPS = (
    "release.fetch",
    "release.build",
    "gates.code",
    "release.record",
    "migration.load",
    "gateway.close",
    "release.switch",
    "database.migrate",
    "services.private",
    "checks.private",
    "services.background",
    "gateway.open",
    "services.web",
    "release.accept",
)
ROLLBACK_STEPS = (
    "return.ahead",
    "gateway.hold",
    "services.stop",
    "capture.collect",
    "release.switch",
    "database.return",
    "services.private",
    "checks.private",
    "services.background",
    "gateway.open",
    "services.web",
    "release.accept",
)
RECOVERY_STEPS = (
    "recovery.code",
    "recovery.files",
    "release.build",
    "release.record",
    "recovery.database",
    "gateway.close",
    "release.switch",
    "services.private",
    "checks.private",
    "services.background",
    "gateway.open",
    "services.web",
    "recovery.tidy",
)
REHEARSAL_STEPS = (
    "installation.adopt",
    "release.fetch",
    "release.build",
    "gates.code",
    "backup.online",
    "rehearsal.run",
)
STEPS_OF = {
    Kind.REHEARSAL: REHEARSAL_STEPS,
    Kind.DEPLOY: DEPLOY_STEPS,
    Kind.PARTIAL: DEPLOY_STEPS,
    Kind.INSTALL: INSTALL_STEPS,
    Kind.ROLLBACK: ROLLBACK_STEPS,
    Kind.RECOVERY: RECOVERY_STEPS,
}


def phase_of(step: str) -> str:
    """prepare, cutover or watch: the part of a deployment that a step belongs to."""
    if step in AFTER:
        return "watch"
    return "prepare" if step in (*PREPARE, "return.ahead") else "cutover"


@dataclass(frozen=True)
class Plan:
    """What one run is to do. All fields are plain data."""

    kind: Kind
    run_id: str
    environment: str
    steps: tuple[str, ...]
    release_id: str
    """The release that is to run afterwards."""
    described: str
    """Where it comes from, as a person would say it."""
    revision: str = ""
    label: str = ""
    from_release: str = ""
    """What runs now; empty for an installation into an empty root."""
    snapshot_id: str = ""
    """The database to keep (deploy) or to return to (rollback); empty: leave it alone."""
    of_run: str = ""
    """For a rollback: the deployment that is taken back."""
    replay: dict[str, Any] | None = None
    """For a rollback: the record of `Changes` by which rows are carried over."""
    only: tuple[str, ...] = ()
    """For a partial rollback: the paths taken from `of_release`."""
    of_release: str = ""
    reason: str = ""
    override: bool = False
    """Whether somebody who may wants it in the hours to avoid too."""
    at: str = ""
    """"next-window": what was prepared waits for it."""
    place: tuple[tuple[str, str], ...] = ()
    """Where it is to act, by the keys of parom.toml: a run goes on there or not at all."""
    schema: int = field(default=SCHEMA)

    def as_record(self) -> dict[str, Any]:
        return {**asdict(self), "steps": list(self.steps), "only": list(self.only)}

    @staticmethod
    def from_record(record: dict[str, Any]) -> Plan:
        """The plan as it was stored. Raises ValueError for a schema of a newer Parom."""
        if record["schema"] > SCHEMA:
            message = f"the plan has schema {record['schema']}; this Parom knows {SCHEMA}"
            raise ValueError(message)
        return Plan(
            **{
                **record,
                "kind": Kind(record["kind"]),
                "steps": tuple(record["steps"]),
                "only": tuple(record["only"]),
                "place": tuple((key, value) for key, value in record.get("place", ())),
            }
        )
