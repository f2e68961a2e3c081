"""The shape of parom.toml. Frozen; unknown keys are errors; durations in seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Seconds = Annotated[float, Field(ge=0, le=86_400)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Argv = Annotated[tuple[str, ...], Field(min_length=1, max_length=64)]
UrlPath = Annotated[str, StringConstraints(pattern=r"^/")]
Bind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:\[\]-]+:\d{1,5}$")]


class Table(BaseModel):
    """A table of parom.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Project(Table):
    name: Name
    environment: Name = "production"
    root: Path
    layout: Literal["releases", "in-place"] = "releases"
    settings: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*$")]
    manage: str = "manage.py"


class SourceTable(Table):
    type: Literal["git", "directory"]
    location: str
    subfolder: str = ""
    ref: str = "main"
    exclude: tuple[str, ...] = ()


class ReleaseTable(Table):
    python: str = ""
    dependencies: str = "requirements.txt"
    environment_file: str = ""
    collect_static: bool = True
    shared: tuple[str, ...] = ()
    keep: Annotated[int, Field(ge=2, le=100)] = 5


class ServicesTable(Table):
    type: Literal["embedded", "scripts"] = "embedded"
    web: Argv = ("{python}", "-m", "gunicorn", "--bind", "{bind}", "--workers", "2", "wsgi")
    worker: tuple[str, ...] = ()
    scheduler: tuple[str, ...] = ()
    bind: Bind = "127.0.0.1:8000"
    graceful_s: Seconds = 30
    start: tuple[str, ...] = ("./start_services.sh",)
    stop: tuple[str, ...] = ("./stop_services.sh",)


class GatewayTable(Table):
    type: Literal["embedded", "flag"] = "embedded"
    hold_limit_s: Seconds = 10
    retry_after_s: Annotated[int, Field(ge=1, le=86_400)] = 30
    flag_file: str = ".env.maintenance"
    page: str = ""


class ChecksTable(Table):
    health: UrlPath = "/livez"
    health_limit_s: Seconds = 60
    endpoints: tuple[UrlPath, ...] = ()
    openapi: str = ""
    functional: str = ""
    functional_limit_s: Seconds = 300
    headers_file: str = ""
    imports: tuple[str, ...] = ()
    fail_on: tuple[str, ...] = ()
    silenced: tuple[str, ...] = ()


class DatabaseTable(Table):
    path: str = "shared/db.sqlite3"


class VaultTable(Table):
    path: Path
    recipients: Annotated[tuple[str, ...], Field(min_length=1)]
    configuration: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 30


class WatchTable(Table):
    seconds: Seconds = 1800
    baseline_s: Seconds = 300
    grace_s: Seconds = 30
    probe_every_s: Annotated[float, Field(ge=0.1, le=60)] = 1
    probe_limit_s: Annotated[float, Field(ge=0.1, le=60)] = 10


class PolicyTable(Table):
    on_failure: Literal["rollback", "hold"] = "rollback"
    interrupted: Literal["ask", "resume", "rollback"] = "ask"
    rehearsal: Literal["always", "when-migrating"] = "always"


class BudgetsTable(Table):
    prepare_s: Seconds = 1800
    cutover_s: Seconds = 900
    watch_s: Seconds = 1800


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
    policy: PolicyTable = PolicyTable()
    budgets: BudgetsTable = BudgetsTable()

    @model_validator(mode="after")
    def _fits_together(self) -> Config:
        if self.services.type == "scripts" and self.gateway.type != "flag":
            message = 'services of type "scripts" need a gateway of type "flag"'
            raise ValueError(message)
        if self.services.type == "embedded" and self.gateway.type != "embedded":
            message = 'services of type "embedded" need a gateway of type "embedded"'
            raise ValueError(message)
        return self

    @property
    def state(self) -> Path:
        """Parom's own folder of this installation."""
        return self.project.root / ".parom"

    @property
    def live_database(self) -> Path:
        """The path by which the application opens its SQLite database."""
        return self.project.root / self.database.path

    @property
    def project_folder(self) -> str:
        """The folder of manage.py inside a release; empty for its top."""
        parent = str(Path(self.project.manage).parent)
        return "" if parent == "." else parent
