"""What can go wrong around runs, leases and the journal."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError


def lease_held(environment: str, who: str, since: str, run_id: str) -> ParomError:
    return ParomError(
        "lease.held",
        f"{who} is at work on {environment} since {since} (run {run_id}).",
        "Wait for it, follow it with `parom status`, or end it with `parom abort`. "
        "Nothing was changed.",
        can_retry=True,
    )


def lease_lost(environment: str) -> ParomError:
    return ParomError(
        "lease.lost",
        f"Another engine took over {environment}; this one stopped before its next effect.",
        "Follow the other with `parom status`.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def interrupted(run_id: str, step: str) -> ParomError:
    return ParomError(
        "run.interrupted",
        f"Run {run_id} was interrupted in {step} and is neither finished nor taken back.",
        "`parom resume` carries it on, `parom rollback` takes it back; both lose nothing.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def nothing_to_resume() -> ParomError:
    return ParomError(
        "run.nothing-to-resume",
        "No run of this environment is interrupted or held.",
        "`parom status` shows what runs; `parom history` what has run. Nothing was changed.",
    )


def nothing_to_roll_back(why: str) -> ParomError:
    return ParomError(
        "run.nothing-to-roll-back",
        f"There is nothing to roll back to: {why}.",
        "`parom history` lists the runs and their releases. Nothing was changed.",
    )


def nothing_to_abort() -> ParomError:
    return ParomError(
        "run.nothing-to-abort",
        "No run is at work.",
        "`parom status` shows the last one. Nothing was changed.",
    )


def aborted(who: str) -> ParomError:
    return ParomError("run.aborted", f"{who} asked to abort.", "Deploy again when ready.")


def newer_plan(run_id: str, reason: str) -> ParomError:
    return ParomError(
        "run.newer-plan",
        f"Run {run_id} was begun by a newer Parom: {reason}.",
        "Use that Parom, or a newer one. Nothing was changed.",
    )


def not_installed(root: str) -> ParomError:
    return ParomError(
        "installation.absent",
        f"Parom has no installation at {root}.",
        "`parom deploy` installs a first release; or correct project.root. Nothing was changed.",
    )


def other_owner(root: str, owner: str, me: str) -> ParomError:
    return ParomError(
        "installation.other-owner",
        f"{root} belongs to {owner}, and you are {me}: the application would run as {me}, and "
        f"leave files behind that {owner} cannot change.",
        f"Run it as {owner} (`sudo -u {owner} parom ...`). Nothing was changed.",
    )


def journal_altered(number: int, why: str) -> ParomError:
    return ParomError(
        "journal.altered",
        f"The journal was altered at event {number}: {why}.",
        "Somebody or something changed it after it was written; keep a copy and find out.",
    )


def journal_newer(path: str, found: int, known: int) -> ParomError:
    return ParomError(
        "journal.newer",
        f"{path} was written by a newer Parom (schema {found}; this one knows {known}).",
        "Use that Parom, or a newer one. Nothing was changed.",
    )


def journal_unreadable(path: str, reason: str) -> ParomError:
    return ParomError(
        "journal.unreadable",
        f"{path} is not a journal that can be read: {reason}.",
        "If it is damaged, keep a copy and restore it; without it Parom does not know what it "
        "did here. Nothing was changed.",
    )


def journal_unwritable(path: str, reason: str) -> ParomError:
    return ParomError(
        "journal.unwritable",
        f"Parom cannot keep its journal: {path}: {reason}.",
        "Correct project.root or the permissions of its folder .parom. Nothing was changed.",
    )


def vanished(root: str, vault: str, count: int, newest: str) -> ParomError:
    return ParomError(
        "installation.vanished",
        f"{root} holds no installation, but {vault} has {count} backup(s) of one; the newest is "
        f"{newest}.",
        "If a disk is not mounted, mount it. If the installation is lost, `parom backup restore` "
        "brings it back. For a new one, name another vault.path. Nothing was changed.",
    )


def other_environment(wanted: str, known: Sequence[str], root: str) -> ParomError:
    return ParomError(
        "config.other-environment",
        f'project.environment is "{wanted}", but {root} is the installation of '
        f"{' and '.join(known)}.",
        "Correct project.environment or project.root. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def unknown_run(run_id: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "run.unknown",
        f'There is no run "{run_id[:60]}" here. The last ones: {", ".join(known) or "none"}.',
        "`parom history` lists them.",
        exit_code=ExitCode.USAGE,
    )


def nothing_current(newest: str) -> ParomError:
    return ParomError(
        "installation.nothing-current",
        f"There are releases here (the newest is {newest}), but none of them is current.",
        "Let the link `current` lead to the one that should run, for example "
        f"`ln -s releases/{newest} current`, and deploy again. Nothing was changed.",
    )


def data_without_release(database: str) -> ParomError:
    return ParomError(
        "installation.data-without-release",
        f"{database} holds data, but no release is installed that could be brought back with it.",
        "Let Parom take the installation over that the data belongs to (`parom adopt`, or the "
        "layout in-place); or move the file away if it is of no use. Nothing was changed.",
    )


def other_place(run_id: str, keys: Sequence[str]) -> ParomError:
    return ParomError(
        "run.other-place",
        f"Since run {run_id} began, parom.toml was edited: {', '.join(keys)}. It cannot go on "
        "elsewhere than it began.",
        "Put what it said before back, finish the run with `parom resume` or `parom rollback`, "
        "and edit it then. Nothing was changed.",
    )
