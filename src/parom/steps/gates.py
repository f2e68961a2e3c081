"""Everything about the new code that can be known before production is touched."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path

from parom.errors import release as errors
from parom.facts import Finding, Level, ProjectFacts
from parom.gates import capacity, deploy_check, imports, migration_lint, migrations
from parom.steps.adopt import way_back
from parom.steps.step import Context, Data, Plain


class JudgeCode(Plain):
    name = "gates.code"

    def run(self, context: Context) -> Data:
        """All gates, all findings at once. Raises `gates.failed`."""
        installation = context.installation
        checks = installation.config.checks
        release = installation.layout.path_of(context.plan.release_id)
        application = installation.application(release, {})
        project = application.project()
        self._same_database(context, project)
        graph = application.migrations()
        fail_on, silenced = frozenset(checks.fail_on), frozenset(checks.silenced)
        findings = (
            *deploy_check.judge(application.check_deploy(), fail_on, silenced),
            *imports.judge(
                [(one.statement, one.error) for one in application.imports(checks.imports)]
            ),
            *migrations.judge(graph, application.model_changes()),
            *migration_lint.judge(graph.operations, fail_on, silenced),
            *capacity.judge(needs(context)),
        )
        for one in findings:
            context.tell("finding", asdict(one))
        _stop_on_errors(findings)
        return {
            "django": project.django_version,
            "applied": [str(one) for one in graph.applied],
            "pending": [str(one) for one in graph.pending],
            "warnings": sum(1 for one in findings if one.level is Level.WARNING),
        }

    def _same_database(self, context: Context, project: ProjectFacts) -> None:
        """The release and parom.toml must mean the same file, or nothing else holds."""
        live = context.installation.config.live_database
        named = Path(project.database.name)
        if not named.is_absolute():
            release = context.installation.layout.path_of(context.plan.release_id)
            named = release / context.installation.config.project_folder / named
        if os.path.realpath(named) != os.path.realpath(live):
            raise errors.other_database(str(live), str(named))


def needs(context: Context) -> list[capacity.Need]:
    """Bytes for the snapshot, the copies for backup and rehearsal, and the backups."""
    installation = context.installation
    root, vault = installation.config.project.root, installation.config.vault.path
    if not way_back(context):
        return []
    database = installation.database.facts().size_bytes
    media = sum(size_of(root / name) for name in installation.config.vault.media)
    code = size_of(installation.layout.path_of(context.plan.release_id))
    copies = 4 * database + 2 * (media + code)
    backups = 2 * (database + media + code)
    if _device(root) == _device(vault):
        need = copies + backups
        what = "snapshot, online copy, restored copy, rehearsal and two backups"
        return [capacity.Need(str(root), what, need, installation.host.free_bytes(root))]
    what = "snapshot, online copy, restored copy and rehearsal"
    return [
        capacity.Need(str(root), what, copies, installation.host.free_bytes(root)),
        capacity.Need(str(vault), "two backups", backups, installation.host.free_bytes(vault)),
    ]


def size_of(path: Path) -> int:
    """Bytes of a file or of a folder's files; links and environments do not count."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for folder, names, files in os.walk(path):
        names[:] = [name for name in names if name not in (".venv", "__pycache__", ".parom")]
        total += sum(
            one.lstat().st_size for name in files if not (one := Path(folder, name)).is_symlink()
        )
    return total


def _device(path: Path) -> int:
    while not path.exists():
        path = path.parent
    return path.stat().st_dev


def _stop_on_errors(findings: tuple[Finding, ...]) -> None:
    errors_found = tuple(
        f"{one.fact} -> {one.cure}" if one.cure else one.fact
        for one in findings
        if one.level is Level.ERROR
    )
    if errors_found:
        raise errors.gates_failed(errors_found)
