"""Everything about the new code that can be known before production is touched."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from parom.appside.application import Application
from parom.appside.envfile import read_env_file
from parom.errors import release as errors
from parom.facts import Finding, Level, ProjectFacts
from parom.gates import deploy_check, imports, migration_lint, migrations, server
from parom.steps import replay
from parom.steps.named_database import refuse_other_database
from parom.steps.room import make_room, too_little
from parom.steps.step import Context, Data, Installation, Plain

_SETTINGS = "DJANGO_SETTINGS_MODULE"


class JudgeCode(Plain):
    name = "gates.code"

    def run(self, context: Context) -> Data:
        """All gates, all findings at once. Raises `gates.failed`.

        What would stop the deployment is asked once more, each question by itself.
        """
        installation = context.installation
        release = installation.layout.path_of(context.plan.release_id)
        self._same_settings(context)
        alone = installation.application(release, {})
        together = alone.asked_together(installation.config.checks.imports)
        found, data = self._judged(context, release, together)
        if _stopping(found):
            found, data = self._judged(context, release, alone)
        for one in found:
            context.tell("finding", asdict(one))
        if stopping := _stopping(found):
            raise errors.gates_failed(stopping)
        discarded = make_room(installation, release, built=True)
        return {**data, "discarded": list(discarded)}

    def _judged(
        self, context: Context, release: Path, application: Application
    ) -> tuple[tuple[Finding, ...], Data]:
        installation = context.installation
        checks = installation.config.checks
        project = application.project()
        self._same_database(context, project)
        graph = application.migrations()
        # Between competing leaves there is no one state to compare the models with.
        changes = () if graph.conflicts else application.model_changes()
        fail_on, silenced = frozenset(checks.fail_on), frozenset(checks.silenced)
        changed = replay.asked(application, graph)
        findings = (
            *deploy_check.judge(application.check_deploy(), fail_on, silenced),
            *imports.judge(
                [(one.statement, one.error) for one in application.imports(checks.imports)]
            ),
            *migrations.judge(graph, changes),
            # A first installation has no rows that a migration could hurt.
            *(migration_lint.judge(graph.operations, fail_on, silenced) if graph.applied else ()),
            *(replay.judged(context, changed) if graph.pending and graph.applied else ()),
            *too_little(installation, release, built=True),
            *_of_server(installation),
        )
        return findings, {
            "django": project.django_version,
            "applied": [str(one) for one in graph.applied],
            "pending": [str(one) for one in graph.pending],
            "replay": changed.as_record(),
            "warnings": sum(1 for one in findings if one.level is Level.WARNING),
        }

    def _same_settings(self, context: Context) -> None:
        """The environment file must not mean other settings than those that are proven here."""
        config = context.installation.config
        file = config.project.root / config.release.environment_file
        if not config.release.environment_file or not file.exists():
            return
        named = read_env_file(file).get(_SETTINGS, config.project.settings)
        if named != config.project.settings:
            raise errors.other_settings(config.project.settings, named, str(file))

    def _same_database(self, context: Context, project: ProjectFacts) -> None:
        """The release and parom.toml must mean the same database, or nothing else holds."""
        installation = context.installation
        release = installation.layout.path_of(context.plan.release_id)
        folder = release / installation.config.project_folder
        refuse_other_database(installation.database, project.database, folder)


def _of_server(installation: Installation) -> tuple[Finding, ...]:
    found = installation.database.server()
    return server.judge(found) if found else ()


def _stopping(findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.level is Level.ERROR]
