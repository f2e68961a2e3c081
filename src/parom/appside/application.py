"""A release's application, asked through its own interpreter."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parom.appside.envfile import read_env_file
from parom.appside.migrator import MigrationRun, Migrator, wait_for_stray
from parom.errors import application as errors
from parom.facts import (
    CheckMessage,
    DatabaseSettings,
    Migration,
    MigrationFacts,
    MigrationOperation,
    ProjectFacts,
)
from parom.ports import Host

INSIDE = Path(__file__).with_name("inside.py")


@dataclass(frozen=True)
class ImportResult:
    """One import that was tried; `error` is empty where it succeeded."""

    statement: str
    error: str


@dataclass(frozen=True)
class Application:
    """`project_dir` is the folder of manage.py inside a release that has an environment.

    Every method raises `application.does-not-load` where the settings or an app fail.
    """

    python: Path
    project_dir: Path
    settings_module: str
    host: Host
    env_file: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)

    def project(self) -> ProjectFacts:
        answer = self._ask("project")
        return ProjectFacts(
            **{
                **answer,
                "database": DatabaseSettings(**answer["database"]),
                "installed_apps": tuple(answer["installed_apps"]),
                "middleware": tuple(answer["middleware"]),
            }
        )

    def migrations(self) -> MigrationFacts:
        answer = self._ask("migrations")

        def named(pairs: Sequence[Sequence[str]]) -> tuple[Migration, ...]:
            return tuple(Migration(*pair) for pair in pairs)

        return MigrationFacts(
            applied=named(answer["applied"]),
            on_disk=named(answer["on_disk"]),
            pending=named(answer["pending"]),
            conflicts=tuple((app, tuple(names)) for app, names in answer["conflicts"]),
            unknown=named(answer["unknown"]),
            operations=tuple(
                MigrationOperation(**{**one, "migration": Migration(*one["migration"])})
                for one in answer["operations"]
            ),
        )

    def check_deploy(self) -> tuple[CheckMessage, ...]:
        return tuple(CheckMessage(**one) for one in self._ask("check")["messages"])

    def imports(self, statements: Sequence[str]) -> tuple[ImportResult, ...]:
        if not statements:
            return ()
        return tuple(
            ImportResult(
                one["statement"],
                f"{one['error']['type']}: {one['error']['message']}" if one["error"] else "",
            )
            for one in self._ask("imports", *statements)["results"]
        )

    def model_changes(self) -> tuple[str, ...]:
        """Changes of models that no migration has, one description each."""
        return tuple(self._ask("changes")["changes"])

    def collect_static(self) -> bool:
        """Whether there was a STATIC_ROOT to collect into."""
        return bool(self._ask("collectstatic")["collected"])

    def url_patterns(self) -> tuple[str, ...]:
        return tuple(one["pattern"] for one in self._ask("urls")["urls"])

    def migrator(self, record: Path, log: Path) -> Migrator:
        """A process that will migrate; see `Migrator`."""
        argv = [str(self.python), str(INSIDE), "migrate", str(record.with_suffix(".answer"))]
        return Migrator(argv, self.project_dir, self._environment(), record, log)

    def migrate(self, log: Path) -> MigrationRun:
        """Load, migrate, and return how long the migrating took."""
        migrator = self.migrator(log.with_suffix(".process"), log)
        try:
            migrator.start()
            migrator.wait_until_ready(timeout_s=120)
            return migrator.go()
        finally:
            migrator.abandon()

    def wait_for_stray(self, record: Path) -> None:
        """Wait until a migration that an earlier Parom started has ended."""
        wait_for_stray(record)

    def _environment(self) -> dict[str, str]:
        kept = read_env_file(self.env_file) if self.env_file and self.env_file.exists() else {}
        return {**kept, "DJANGO_SETTINGS_MODULE": self.settings_module, **self.env}

    def _ask(self, command: str, *arguments: str) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="parom-") as folder:
            out = Path(folder) / "answer.json"
            ran = self.host.run(
                [str(self.python), str(INSIDE), command, str(out), *arguments],
                cwd=self.project_dir,
                env=self._environment(),
                timeout_s=300,
            )
            if not out.exists():
                raise errors.no_answer(command, ran.stderr or ran.stdout)
            answer: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        if "error" in answer:
            raise errors.does_not_load(answer["error"])
        return answer
