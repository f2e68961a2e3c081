"""The shape of parom.toml. Frozen; unknown keys are errors; durations in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr, model_validator

from parom.config.database import DatabaseTable
from parom.config.notices import NoticesTable
from parom.config.rules import AccessTable, BudgetsTable, WindowsTable
from parom.config.table import Table
from parom.config.values import (
    Bind,
    Folder,
    Inside,
    Module,
    Name,
    Number,
    OptionalUrlPath,
    Place,
    Recipient,
    Seconds,
    Switch,
    UrlPath,
    Word,
)
from parom.words.said import said

Argv = Annotated[tuple[Word, ...], Field(min_length=1, max_length=64)]
OptionalArgv = Annotated[tuple[Word, ...], Field(max_length=64)]


class Project(Table):
    name: Name
    environment: Name = "production"
    root: Folder
    layout: Literal["releases", "in-place"] = "releases"
    settings: Module
    manage: Inside = "manage.py"
    language: Literal["en", "ru"] = "en"


class SourceTable(Table):
    type: Literal["git", "directory"]
    location: Annotated[str, Field(min_length=1)]
    subfolder: Inside = ""
    ref: str = "main"
    exclude: tuple[str, ...] = ()


class ReleaseTable(Table):
    python: str = ""
    dependencies: Place = "requirements.txt"
    environment_file: Place = ""
    collect_static: Switch = True
    shared: tuple[Inside, ...] = ()
    keep: Annotated[Number, Field(ge=2, le=100)] = 5


class ServicesTable(Table):
    type: Literal["embedded", "scripts"] = "embedded"
    web: Argv = ("{python}", "-m", "gunicorn", "--bind", "{bind}", "--workers", "2", "wsgi")
    worker: OptionalArgv = ()
    scheduler: OptionalArgv = ()
    bind: Bind = "127.0.0.1:8000"
    graceful_s: Seconds = 30
    start_ahead: Switch = True
    start: Argv = ("./start_services.sh",)
    stop: Argv = ("./stop_services.sh",)


class GatewayTable(Table):
    type: Literal["embedded", "flag"] = "embedded"
    hold_limit_s: Seconds = 10
    retry_after_s: Annotated[Number, Field(ge=1, le=86_400)] = 30
    flag_file: Place = ""
    stand_in: Switch = True
    page: Place = ""


class ChecksTable(Table):
    health: UrlPath = "/livez"
    health_limit_s: Seconds = 60
    endpoints: tuple[UrlPath, ...] = ()
    openapi: OptionalUrlPath = ""
    functional: Inside = ""
    functional_limit_s: Seconds = 300
    headers_file: Place = ""
    imports: tuple[Word, ...] = ()
    fail_on: tuple[str, ...] = ()
    silenced: tuple[str, ...] = ()


class VaultTable(Table):
    path: Folder
    recipients: Annotated[tuple[Recipient, ...], Field(min_length=1)]
    configuration: tuple[Place, ...] = ()
    media: tuple[Place, ...] = ()
    retention_days: Annotated[Number, Field(ge=1, le=3650)] = 30


class WatchTable(Table):
    seconds: Seconds = 1800
    baseline_s: Seconds = 300
    grace_s: Seconds = 30
    probe_every_s: Annotated[float, Field(ge=0.1, le=60, strict=True)] = 1
    probe_limit_s: Annotated[float, Field(ge=0.1, le=60, strict=True)] = 10
    functional_every_s: Seconds = 300
    pages: Annotated[tuple[UrlPath, ...], Field(max_length=16)] = ()
    pages_every_s: Annotated[float, Field(ge=1, le=3600, strict=True)] = 60
    logs: Annotated[tuple[Place, ...], Field(max_length=32)] = ()
    ignored: Annotated[tuple[Word, ...], Field(max_length=256)] = ()
    day_s: Seconds = 86_400
    samples_days: Annotated[Number, Field(ge=1, le=3650)] = 7
    short: Switch = False


class LimitsTable(Table):
    response_s: Annotated[float, Field(gt=0, le=60, strict=True)] = 0.5
    page_s: Annotated[float, Field(gt=0, le=600, strict=True)] = 2
    memory_mb: Annotated[Number, Field(ge=1, le=1_000_000)] = 512
    cpu_percent: Annotated[float, Field(gt=0, le=100, strict=True)] = 50


class PolicyTable(Table):
    on_failure: Literal["rollback", "hold"] = "rollback"


class Config(Table):
    project: Project
    source: SourceTable
    release: ReleaseTable = ReleaseTable()
    database: DatabaseTable = DatabaseTable()
    services: ServicesTable = ServicesTable()
    gateway: GatewayTable = GatewayTable()
    checks: ChecksTable = ChecksTable()
    vault: VaultTable
    watch: WatchTable = WatchTable()
    limits: LimitsTable = LimitsTable()
    policy: PolicyTable = PolicyTable()
    windows: WindowsTable = WindowsTable()
    budgets: BudgetsTable = BudgetsTable()
    access: AccessTable = AccessTable()
    notices: NoticesTable = NoticesTable()

    @model_validator(mode="after")
    def _fits_together(self) -> Config:
        if self.services.type == "scripts" and self.gateway.type != "flag":
            message = said('services of type "scripts" need a gateway of type "flag"')
            raise ValueError(message)
        if self.services.type == "embedded" and self.gateway.type != "embedded":
            message = said('services of type "embedded" need a gateway of type "embedded"')
            raise ValueError(message)
        asked = {role for roles in self.access.approve.values() for role in roles}
        if self.access.roles and asked - set(self.access.roles):
            unknown = min(asked - set(self.access.roles))
            message = said(
                'access.approve names the role "{role}", which access.roles has not got',
                role=unknown,
            )
            raise ValueError(message)
        variables = (self.database.url_variable, self.database.password_variable)
        if any(variables) and not self.release.environment_file:
            message = said(
                "database.{key} is looked up in release.environment_file, which is not set",
                key="url_variable" if variables[0] else "password_variable",
            )
            raise ValueError(message)
        if self.services.type == "embedded" and not any(
            "{bind}" in one for one in self.services.web
        ):
            message = said(
                "services.web has no {bind}: that is where the web server gets its socket from, "
                'as in "--bind", "{bind}"'
            )
            raise ValueError(message)
        return self

    _file: Path | None = PrivateAttr(default=None)

    @property
    def file(self) -> Path | None:
        """Where it was read from; None for one that was made in memory."""
        return self._file

    def read_from(self, file: Path) -> Config:
        """The same, knowing its file."""
        known = self.model_copy()
        known._file = file
        return known

    @property
    def state(self) -> Path:
        """Parom's own folder of this installation."""
        return self.project.root / ".parom"

    @property
    def live_file(self) -> Path | None:
        """The path by which the application opens its SQLite database; None for a server's."""
        if self.database.type != "sqlite":
            return None
        return self.project.root / self.database.path

    @property
    def flag_path(self) -> Path | None:
        """The flag file; None where the gateway needs none."""
        named = self.gateway.flag_file
        if not named and self.gateway.type == "flag":
            named = ".env.maintenance"
        return self.project.root / named if named else None

    @property
    def project_folder(self) -> str:
        """The folder of manage.py inside a release; empty for its top."""
        parent = str(Path(self.project.manage).parent)
        return "" if parent == "." else parent
