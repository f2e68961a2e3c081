"""What can be wrong with a release and with what is asked of it."""

from __future__ import annotations

from parom.errors.problem import ExitCode, ParomError


def bad_path(name: str) -> ParomError:
    return ParomError(
        "release.bad-path",
        f'"{name}" is not a path inside a release.',
        "Name a file or folder relative to the release's top. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def no_such_path(name: str) -> ParomError:
    return ParomError(
        "release.no-such-path",
        f'Neither release has "{name}".',
        "Check the spelling; the path is relative to the release's top. Nothing was changed.",
    )


def unknown(release_id: str, known: tuple[str, ...]) -> ParomError:
    return ParomError(
        "release.unknown",
        f'There is no release "{release_id}" here. Known: {", ".join(known) or "none"}.',
        "`parom history` lists them. Nothing was changed.",
    )


def gates_failed(facts: tuple[str, ...]) -> ParomError:
    return ParomError(
        "gates.failed",
        f"{len(facts)} gate finding(s) stop this release: " + " | ".join(facts),
        "Correct the release and deploy again. Nothing was changed.",
    )


def checks_failed(where: str, facts: tuple[str, ...]) -> ParomError:
    return ParomError(
        "checks.failed",
        f"{len(facts)} check(s) failed {where}: " + " | ".join(facts),
        "The run's folder has the log of the instance that was checked.",
    )


def other_database(expected: str, found: str) -> ParomError:
    return ParomError(
        "release.other-database",
        f"The release's settings name the database {found}, but parom.toml says {expected}.",
        "Correct database.path, or what the settings read it from. Nothing was changed.",
    )


def held_by_strangers(named: str) -> ParomError:
    return ParomError(
        "database.held",
        f"Processes that Parom did not start hold the database open: {named}.",
        "End them, or let Parom know them as services, and deploy again.",
        can_retry=True,
    )
