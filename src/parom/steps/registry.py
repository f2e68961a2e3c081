"""Steps by the names under which plans and journals know them."""

from __future__ import annotations

from collections.abc import Sequence

from parom.steps.accept import AcceptRelease
from parom.steps.adopt import AdoptInstallation
from parom.steps.awaiting import AwaitCutover
from parom.steps.backup import BackupFinal, BackupOnline
from parom.steps.build import BuildRelease
from parom.steps.capture import CollectCapture, InstallCapture
from parom.steps.checking import CheckPrivate
from parom.steps.database import PrecopyDatabase, ReturnDatabase, SnapshotDatabase
from parom.steps.fetch import FetchRelease, RecordRelease
from parom.steps.gates import JudgeCode
from parom.steps.gateway import CloseGateway, HoldGateway, OpenGateway
from parom.steps.migrate import LoadMigration, MigrateDatabase
from parom.steps.preparing import PrepareReturn
from parom.steps.recovery import (
    RecoverCode,
    RecoverDatabase,
    RecoverFiles,
    TidyRecovery,
)
from parom.steps.rehearsal import RunRehearsal
from parom.steps.services import StartBackground, StartPrivate, StartWeb, StopServices
from parom.steps.step import Step
from parom.steps.switch import SwitchRelease
from parom.steps.watching import MeasureBaseline, WatchRelease

_ALL: tuple[Step, ...] = (
    AdoptInstallation(),
    FetchRelease(),
    BuildRelease(),
    JudgeCode(),
    BackupOnline(),
    RunRehearsal(),
    AwaitCutover(),
    MeasureBaseline(),
    PrecopyDatabase(),
    RecordRelease(),
    LoadMigration(),
    HoldGateway(),
    CloseGateway(),
    StopServices(),
    SnapshotDatabase(),
    SwitchRelease(),
    MigrateDatabase(),
    InstallCapture(),
    CollectCapture(),
    ReturnDatabase(),
    StartPrivate(),
    CheckPrivate(),
    StartBackground(),
    OpenGateway(),
    StartWeb(),
    PrepareReturn("return.prepare"),
    PrepareReturn("return.ahead"),
    BackupFinal(),
    WatchRelease(),
    AcceptRelease(),
    RecoverCode(),
    RecoverFiles(),
    RecoverDatabase(),
    TidyRecovery(),
)
BY_NAME = {step.name: step for step in _ALL}


def steps_named(names: Sequence[str]) -> tuple[Step, ...]:
    """The steps of a plan. Raises KeyError for a name that this Parom does not know."""
    return tuple(BY_NAME[name] for name in names)
