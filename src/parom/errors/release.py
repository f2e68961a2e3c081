"""What can be wrong with a release and with what is asked of it."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError
from parom.facts import Finding
from parom.words.said import joined, said


def bad_path(name: str) -> ParomError:
    return ParomError(
        "release.bad-path",
        said('"{name}" is not a path inside a release.', name=name),
        said("Name a file or folder relative to the release's top. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def no_such_path(name: str) -> ParomError:
    return ParomError(
        "release.no-such-path",
        said('Neither release has "{name}".', name=name),
        said("Check the spelling; the path is relative to the release's top. Nothing was changed."),
    )


def holds_migrations(name: str, differing: tuple[str, ...]) -> ParomError:
    shown = ", ".join(differing[:5])
    return ParomError(
        "release.holds-migrations",
        said(
            '"{name}" holds migrations that differ between the two releases: {shown}.',
            name=name,
            shown=shown,
        ),
        said(
            "Name the files beside the migrations, or take the whole deployment back "
            "with `parom rollback`. Nothing was changed."
        ),
    )


def unknown(release_id: str, known: tuple[str, ...]) -> ParomError:
    return ParomError(
        "release.unknown",
        said(
            'There is no release "{release_id}" here. Known: {known}.',
            release_id=release_id,
            known=", ".join(known) or said("none"),
        ),
        said("`parom history` lists them. Nothing was changed."),
    )


def gates_failed(findings: Sequence[Finding]) -> ParomError:
    facts = [joined([one.fact, *([one.cure] if one.cure else [])], " -> ") for one in findings]
    return ParomError(
        "gates.failed",
        said(
            "{n} gate finding(s) stop this release: {facts}",
            n=len(facts),
            facts=joined(facts, " | "),
        ),
        said("Correct the release and deploy again. Nothing was changed."),
    )


def checks_failed(where: str, facts: tuple[str, ...]) -> ParomError:
    return ParomError(
        "checks.failed",
        said(
            "{n} check(s) failed {where}: {facts}",
            n=len(facts),
            where=said(where),
            facts=joined(facts, " | "),
        ),
        said("The run's folder has the log of the instance that was checked."),
    )


def other_settings(expected: str, found: str, file: str) -> ParomError:
    return ParomError(
        "release.other-settings",
        said(
            "{file} sets DJANGO_SETTINGS_MODULE to {found}, but project.settings is "
            "{expected}: what is proven would not be what runs.",
            file=file,
            found=found,
            expected=expected,
        ),
        said("Make both name the same settings, or take the line out. What runs was not changed."),
    )


def other_database(expected: str, found: str) -> ParomError:
    return ParomError(
        "release.other-database",
        said(
            "The release's settings name the database {found}, but parom.toml says {expected}.",
            found=found,
            expected=expected,
        ),
        said("Correct [database], or what the settings read it from. Nothing was changed."),
    )


def held_by_strangers(named: str) -> ParomError:
    return ParomError(
        "database.held",
        said("Processes that Parom did not start hold the database open: {named}.", named=named),
        said("End them, or let Parom know them as services, and deploy again."),
        can_retry=True,
    )


def no_snapshot(snapshot_id: str) -> ParomError:
    return ParomError(
        "database.no-snapshot",
        said("The snapshot {snapshot_id} is not there.", snapshot_id=snapshot_id),
        said("Make a backup of the live database now: `parom backup create`."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def backup_differs(backup_id: str) -> ParomError:
    return ParomError(
        "backup.differs",
        said(
            "The database in backup {backup_id} is not what was to be backed up, "
            "or was written to meanwhile.",
            backup_id=backup_id,
        ),
        said("Do not deploy; look at the disk and memory of this machine. Nothing was changed."),
    )


def rehearsed_return_differs() -> ParomError:
    return ParomError(
        "rehearsal.return-differs",
        said("After the rehearsed return the copy does not have the rows it had before."),
        said("Do not deploy this release; its run's folder has the logs. Nothing was changed."),
    )


def watch_alarmed(criterion: str, fact: str) -> ParomError:
    return ParomError(
        "watch.alarm",
        said("{criterion}: {fact}.", criterion=said(criterion), fact=fact),
        said("The old release is brought back; the report has the measurements."),
    )


def watch_aborted(who: str) -> ParomError:
    return ParomError(
        "run.aborted",
        said("{who} asked to abort during the watch.", who=who),
        said("The old release is brought back."),
    )


def capture_missing() -> ParomError:
    return ParomError(
        "capture.missing",
        said("The record of what was written since the opening is not in the database."),
        said(
            "Going back would lose those writes without listing them. Deploy a corrected "
            "release, or restore a backup with `parom backup restore` knowing what it "
            "lacks."
        ),
        exit_code=ExitCode.NEEDS_PERSON,
    )
