"""A release's application, asked through its own interpreter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from parom.appside.answers import operation_of, problem_of, said
from parom.appside.envfile import read_env_file
from parom.appside.masked import without_secrets
from parom.appside.migration_run import MigrationRun
from parom.appside.migrator import Migrator
from parom.appside.patience import Patience
from parom.appside.stray import wait_for_stray
from parom.errors import application as errors
from parom.facts import (
    CheckMessage,
    DatabaseSettings,
    Migration,
    MigrationFacts,
    ProjectFacts,
)
from parom.ports import Host
from parom.replay.changes import Changes
from parom.scratch import scratch_folder

INSIDE = Path(__file__).with_name("inside.py")
_LOOK_LIMIT_S, _STATIC_LIMIT_S, _LOAD_LIMIT_S = 300.0, 900.0, 120.0
_TOGETHER_LIMIT_S = 60.0
"""Not long: a library that cannot be forked may wait for ever, and each is asked by itself then."""
_HEALTH = re.compile(r"health|livez|readyz|alive|ready|ping|status|heartbeat", re.IGNORECASE)


@dataclass(frozen=True)
class ImportResult:
    """One import that was tried; `error` is empty where it succeeded."""

    statement: str
    error: str


@dataclass(frozen=True)
class UrlPattern:
    """One route of the application: a path as Django writes it, and its name if it has one."""

    pattern: str
    name: str

    @property
    def looks_like_health(self) -> bool:
        """Whether it can be asked without parameters and is named as health checks are."""
        plain = not set("<>()*+?[]\\") & set(self.pattern)
        return plain and bool(_HEALTH.search(f"{self.pattern} {self.name}"))


@dataclass(frozen=True)
class Application:
    """`project_dir` is the folder of manage.py inside a release that has an environment.

    Every method raises `application.does-not-load` where the settings or an app fail,
    `application.failed` where the application loads and the question itself fails,
    `application.no-answer` or `application.too-slow`. Looking makes no database.
    """

    python: Path
    project_dir: Path
    settings_module: str
    host: Host
    env_file: Path | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    patience: Patience = field(default_factory=Patience)
    known: Mapping[tuple[str, ...], dict[str, Any]] = field(default_factory=dict, repr=False)
    """Answers by question."""

    def asked_together(self, imports: Sequence[str]) -> Application:
        """The same, with what the gates ask answered: it is loaded once for all of it.

        Raises nothing. What was not answered so is asked by itself later, and fails then. A library
        that does not live through a fork may make an answer wrong: believe no bad one.
        """
        asked = [("project",), ("migrations",), ("changes",), ("tables",), ("check",)]
        questions = [*asked, ("imports", *imports)] if imports else asked
        known = {}
        with scratch_folder("ask") as folder:
            outs = [Path(folder) / f"{number}.json" for number, _ in enumerate(questions)]
            ended = Path(folder) / "ended.json"
            self.host.run(
                [str(self.python), str(INSIDE), "several", str(ended), json.dumps(questions),
                 *map(str, outs)],
                cwd=self.project_dir,
                env=self._environment(),
                timeout_s=_TOGETHER_LIMIT_S,
            )  # fmt: skip
            for question, out in zip(questions, outs, strict=True):
                answer = json.loads(out.read_text(encoding="utf-8")) if out.exists() else None
                if answer is not None and "error" not in answer:
                    known[question] = answer
        return replace(self, known=known)

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
        """The graph. Raises also `application.inconsistent-history`."""
        answer = self._ask("migrations")

        def named(pairs: Sequence[Sequence[str]]) -> tuple[Migration, ...]:
            return tuple(Migration(*pair) for pair in pairs)

        return MigrationFacts(
            applied=named(answer["applied"]),
            on_disk=named(answer["on_disk"]),
            pending=named(answer["pending"]),
            conflicts=tuple((app, tuple(names)) for app, names in answer["conflicts"]),
            unknown=named(answer["unknown"]),
            operations=tuple(operation_of(one) for one in answer["operations"]),
        )

    def check_deploy(self) -> tuple[CheckMessage, ...]:
        """The messages of `manage.py check --deploy` that the settings do not silence."""
        environment = self._environment()
        return tuple(
            CheckMessage(**{**one, "message": without_secrets(one["message"], environment)})
            for one in self._ask("check")["messages"]
        )

    def imports(self, statements: Sequence[str]) -> tuple[ImportResult, ...]:
        """Try each, in order: an import statement, `package.module` or `package.module:Name`."""
        if not statements:
            return ()
        environment = self._environment()
        return tuple(
            ImportResult(one["statement"], said(one["error"], environment))
            for one in self._ask("imports", *statements)["results"]
        )

    def model_changes(self) -> tuple[str, ...]:
        """Changes of models that no migration has, one description each."""
        return tuple(self._ask("changes")["changes"])

    def table_changes(self) -> Changes:
        """What the pending migrations make of the tables, as a return has to know it."""
        return Changes.from_record(self._ask("tables"))

    def collect_static(self) -> bool:
        """Whether there was a STATIC_ROOT to collect into."""
        return bool(self._ask("collectstatic", limit_s=_STATIC_LIMIT_S)["collected"])

    def urls(self) -> tuple[UrlPattern, ...]:
        """The first 500 routes of the URLconf."""
        return tuple(UrlPattern(**one) for one in self._ask("urls")["urls"])

    def migrator(self, record: Path, log: Path) -> Migrator:
        """A process that will migrate; see `Migrator`."""
        return self._migrator("migrate", (), record, log)

    def migrate(self, log: Path, *, note_locks: bool = False) -> MigrationRun:
        """Load, migrate, and return how long the migrating took.

        `note_locks`: on PostgreSQL also which tables were locked, which costs a question after
        each statement.
        """
        process = log.with_suffix(".process")
        return self._run(self._migrator("migrate", (), process, log, note_locks=note_locks))

    def unmigrate(self, targets: Sequence[Migration], log: Path) -> MigrationRun:
        """Go back to each target in the order given; the name `zero` takes all of an app back.

        Raises `application.migration-failed`; what came before it is taken back then.
        """
        named = [f"{one.app}:{one.name}" for one in targets]
        return self._run(self._migrator("unmigrate", named, log.with_suffix(".process"), log))

    def wait_for_stray(self, record: Path) -> None:
        """Wait until a migration that an earlier Parom started has ended."""
        wait_for_stray(record)

    def _migrator(
        self,
        command: str,
        targets: Sequence[str],
        record: Path,
        log: Path,
        *,
        note_locks: bool = False,
    ) -> Migrator:
        answer = str(record.with_suffix(".answer"))
        how = self.patience.as_argument(note_locks=note_locks)
        argv = [str(self.python), str(INSIDE), command, answer, how, *targets]
        return Migrator(argv, self.project_dir, self._environment(), record, log)

    def _run(self, migrator: Migrator) -> MigrationRun:
        with migrator:
            migrator.start()
            migrator.wait_until_ready(_LOAD_LIMIT_S)
            return migrator.go()

    def _environment(self) -> dict[str, str]:
        kept = read_env_file(self.env_file) if self.env_file and self.env_file.exists() else {}
        return {**kept, "DJANGO_SETTINGS_MODULE": self.settings_module, **self.env}

    def _ask(self, command: str, *arguments: str, limit_s: float = _LOOK_LIMIT_S) -> dict[str, Any]:
        if (command, *arguments) in self.known:
            return self.known[(command, *arguments)]
        environment = self._environment()
        with scratch_folder("ask") as folder:
            out = Path(folder) / "answer.json"
            ran = self.host.run(
                [str(self.python), str(INSIDE), command, str(out), *arguments],
                cwd=self.project_dir,
                env=environment,
                timeout_s=limit_s,
            )
            if not out.exists():
                if ran.timed_out:
                    raise errors.too_slow(command, limit_s)
                raise errors.no_answer(
                    command, without_secrets(ran.stderr or ran.stdout, environment)
                )
            answer: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        if "error" in answer:
            raise problem_of(command, answer["error"], environment)
        return answer
