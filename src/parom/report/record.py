"""What a run amounts to, as data. The JSON twin is this record: a stored format.

Durations are seconds, sizes bytes, moments ISO 8601 in UTC where they come from an event and
epoch seconds where they come from a sample. None is "not measured", never "nothing".
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from parom.report.day_after import Day
from parom.report.figures import Measured

SCHEMA = 2


class Mark(enum.StrEnum):
    """What is said of one item of a checklist."""

    DONE = "done"
    FAILED = "failed"
    UNDONE = "taken back"
    """Done, and taken back by the return."""
    VOUCHED = "vouched for"
    ASKS = "asks for a name"
    """Nothing was measured; somebody who looked can say so."""
    MISSING = "no evidence"
    NOT_NEEDED = "not needed"
    NOT_REACHED = "not reached"


@dataclass(frozen=True)
class Item:
    """One item of a checklist, with what it rests on."""

    id: str
    mark: Mark
    rests_on: str = ""
    """The step or kind of event that is its evidence; empty for none."""
    at: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    who: str = ""
    """Who vouches for it."""
    note: str = ""


@dataclass(frozen=True)
class Checklist:
    id: str
    """preparation, cutover or after."""
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Approval:
    who: str
    roles: tuple[str, ...]
    at: str


@dataclass(frozen=True)
class Asked:
    """Who wanted what, when, and what it needed to be let."""

    who: str
    what: str
    at: str
    reason: str
    override: bool
    """Whether it was wanted in the hours to avoid too."""
    hours: str
    """What the hours of the stop were: recommended, reserve, avoided, ordinary; or empty."""
    waited_s: float
    """For a window or an approval."""
    approvals: tuple[Approval, ...]
    abort_asked_by: str


@dataclass(frozen=True)
class Why:
    """The error that decided how the run ended."""

    step: str
    id: str
    fact: str
    cure: str


@dataclass(frozen=True)
class End:
    state: str
    outcome: str
    exit_code: int | None
    at: str
    why: Why | None


@dataclass(frozen=True)
class Compared:
    """One duration as it was predicted and as it was."""

    what: str
    """stop, migration, start or return."""
    predicted_s: float | None
    actual_s: float | None


@dataclass(frozen=True)
class PhaseTime:
    phase: str
    """prepare, cutover, watch, return or all."""
    spent_s: float
    budget_s: float | None


@dataclass(frozen=True)
class Bar:
    """One step on the line of time; a step that was taken back has two."""

    step: str
    phase: str
    """prepare, cutover, watch or return."""
    began: float
    """Epoch seconds."""
    seconds: float | None
    """None where it never ended."""
    state: str
    """ok, failed, undone, undo-failed or in doubt."""
    usual_s: float | None


@dataclass(frozen=True)
class Evidence:
    source: str
    outcome: str
    fact: str


@dataclass(frozen=True)
class Criterion:
    """One of the named criteria of success or of rollback, as the watch judged it."""

    name: str
    of: str
    """success or rollback."""
    outcome: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Rehearsed:
    """When the rollback plan was tested, and how it went (R-10.4)."""

    run_id: str
    at: str
    return_s: float
    checks: tuple[str, ...]
    """What the old release answered after the rehearsed return."""


@dataclass(frozen=True)
class Return:
    """The way back, where the run took it or was it."""

    by: str
    """Who asked for it; empty where Parom decided."""
    reason: str
    decided_at: str
    opened_at: str
    """When the public was in again; empty where it is not, or had never been out."""
    seconds: float | None
    swapped: bool
    """Whether the database as it was at the stop is live again."""
    carried: Mapping[str, int]
    """Rows written after the opening that came along, by table of the newer release."""
    quarantined: Mapping[str, int]
    """Rows that could not come along, by table."""
    reasons: Mapping[str, int]
    """How many of them for which reason; see `words/reasons.py`."""
    quarantine: str
    """The file that has them in full."""
    not_covered: tuple[str, ...]
    """Tables of which nobody knows what was written."""
    ids_not_kept: str
    verified: tuple[str, ...]
    """What the release that came back answered before the public was let in."""


@dataclass(frozen=True)
class Warned:
    """What a gate or the watch warned of."""

    gate: str
    fact: str
    cure: str


@dataclass(frozen=True)
class Backup:
    id: str
    at: str
    rows: int
    cipher_bytes: int
    verified: bool
    how: str


@dataclass(frozen=True)
class ReleaseNotes:
    """The entry of this run for the release notes; only of what runs now."""

    release: str
    at: str
    source: str
    revision: str
    replaced: str
    migrations: tuple[str, ...]
    changes: tuple[str, ...]
    """What the source says that lies between the two; empty where it does not say."""
    who: str
    reason: str
    taken_back: str = ""
    """When a person took it back later; empty where nobody did."""


@dataclass(frozen=True)
class Improvement:
    """Something to do better next time, with the number that says so."""

    kind: str
    about: str
    """A step, an endpoint, a check."""
    number: float
    against: float | None = None
    """What `number` is compared with."""


@dataclass(frozen=True)
class DeploymentReport:
    """All of it."""

    run_id: str
    kind: str
    project: str
    environment: str
    release: str
    described: str
    revision: str
    replaced: str
    """The release that ran before; empty for a first one."""
    asked: Asked
    end: End
    stop_s: float | None
    """How long the public waited, all stops together; None where there was none."""
    compared: tuple[Compared, ...]
    phases: tuple[PhaseTime, ...]
    late: tuple[str, ...]
    """Phases over their budget, as they were told."""
    timeline: tuple[Bar, ...]
    checklists: tuple[Checklist, ...]
    measured: Measured
    criteria: tuple[Criterion, ...]
    rehearsed: Rehearsed | None
    returned: Return | None
    migrations: tuple[str, ...]
    backups: tuple[Backup, ...]
    warned: tuple[Warned, ...]
    failed_checks: tuple[str, ...]
    release_notes: ReleaseNotes | None
    improvements: tuple[Improvement, ...]
    day: Day | None
    """The watch of the day after; None where none was ordered."""
    anchor: str
    """`number:digest` of the last event that it was derived from: what `parom journal verify`
    compares the journal with."""
    schema: int = SCHEMA

    def as_record(self) -> dict[str, Any]:
        return asdict(self)
