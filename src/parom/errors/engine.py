"""What can go wrong around runs, leases and the journal."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said, together


def lease_held(environment: str, who: str, since: str, run_id: str) -> ParomError:
    return ParomError(
        "lease.held",
        said(
            "{who} is at work on {environment} since {since} (run {run_id}).",
            who=who,
            environment=environment,
            since=since,
            run_id=run_id,
        ),
        said(
            "Wait for it, follow it with `parom status`, or end it with `parom abort`. "
            "Nothing was changed."
        ),
        can_retry=True,
    )


def lease_lost(environment: str) -> ParomError:
    return ParomError(
        "lease.lost",
        said(
            "Another engine took over {environment}; this one stopped before its next effect.",
            environment=environment,
        ),
        said("Follow the other with `parom status`."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def interrupted(run_id: str, step: str) -> ParomError:
    return ParomError(
        "run.interrupted",
        said(
            "Run {run_id} was interrupted in {step} and is neither finished nor taken back.",
            run_id=run_id,
            step=step or said("its beginning"),
        ),
        said("`parom resume` carries it on, `parom rollback` takes it back; both lose nothing."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def nothing_to_resume() -> ParomError:
    return ParomError(
        "run.nothing-to-resume",
        said("No run of this environment is interrupted or held."),
        said("`parom status` shows what runs; `parom history` what has run. Nothing was changed."),
    )


def nothing_to_roll_back(why: str) -> ParomError:
    return ParomError(
        "run.nothing-to-roll-back",
        said("There is nothing to roll back to: {why}.", why=why),
        said("`parom history` lists the runs and their releases. Nothing was changed."),
    )


def nothing_to_abort() -> ParomError:
    return ParomError(
        "run.nothing-to-abort",
        said("No run is at work."),
        said("`parom status` shows the last one. Nothing was changed."),
    )


def aborted(who: str) -> ParomError:
    return ParomError(
        "run.aborted", said("{who} asked to abort.", who=who), said("Deploy again when ready.")
    )


def newer_plan(run_id: str, reason: str) -> ParomError:
    return ParomError(
        "run.newer-plan",
        said("Run {run_id} was begun by a newer Parom: {reason}.", run_id=run_id, reason=reason),
        said("Use that Parom, or a newer one. Nothing was changed."),
    )


def not_installed(root: str) -> ParomError:
    return ParomError(
        "installation.absent",
        said("Parom has no installation at {root}.", root=root),
        said(
            "`parom deploy` installs a first release; or correct project.root. Nothing was changed."
        ),
    )


def other_owner(root: str, owner: str, me: str) -> ParomError:
    return ParomError(
        "installation.other-owner",
        said(
            "{root} belongs to {owner}, and you are {me}: the application would run as "
            "{me}, and leave files behind that {owner} cannot change.",
            root=root,
            owner=owner,
            me=me,
        ),
        said("Run it as {owner} (`sudo -u {owner} parom ...`). Nothing was changed.", owner=owner),
    )


def journal_altered(number: int, why: str) -> ParomError:
    return ParomError(
        "journal.altered",
        said("The journal was altered at event {number}: {why}.", number=number, why=why),
        said("Somebody or something changed it after it was written; keep a copy and find out."),
    )


def no_anchor(text: str) -> ParomError:
    return ParomError(
        "journal.no-anchor",
        said('"{text}" is no place in a journal.', text=text[:80]),
        said(
            "Give it as a report or a notice has it: the number, a colon, and 16 digits or more, "
            "such as 1204:3f9a2c0d5e6f7081."
        ),
        exit_code=ExitCode.USAGE,
    )


def journal_newer(path: str, found: int, known: int) -> ParomError:
    return ParomError(
        "journal.newer",
        said(
            "{path} was written by a newer Parom (schema {found}; this one knows {known}).",
            path=path,
            found=found,
            known=known,
        ),
        said("Use that Parom, or a newer one. Nothing was changed."),
    )


def journal_unreadable(path: str, reason: str) -> ParomError:
    return ParomError(
        "journal.unreadable",
        said("{path} is not a journal that can be read: {reason}.", path=path, reason=reason),
        said(
            "If it is damaged, keep a copy and restore it; without it Parom does not "
            "know what it did here. Nothing was changed."
        ),
    )


def journal_unwritable(path: str, reason: str) -> ParomError:
    return ParomError(
        "journal.unwritable",
        said("Parom cannot keep its journal: {path}: {reason}.", path=path, reason=reason),
        said("Correct project.root or the permissions of its folder .parom. Nothing was changed."),
    )


def vanished(root: str, vault: str, count: int, newest: str) -> ParomError:
    return ParomError(
        "installation.vanished",
        said(
            "{root} holds no installation, but {vault} has {count} backup(s) of one; the "
            "newest is {newest}.",
            root=root,
            vault=vault,
            count=count,
            newest=newest,
        ),
        said(
            "If a disk is not mounted, mount it. If the installation is lost, `parom "
            "backup restore` brings it back. For a new one, name another vault.path. "
            "Nothing was changed."
        ),
    )


def other_environment(wanted: str, known: Sequence[str], root: str) -> ParomError:
    return ParomError(
        "config.other-environment",
        said(
            'project.environment is "{wanted}", but {root} is the installation of {known}.',
            wanted=wanted,
            root=root,
            known=together(known),
        ),
        said("Correct project.environment or project.root. Nothing was changed."),
        exit_code=ExitCode.USAGE,
    )


def unknown_run(run_id: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "run.unknown",
        said(
            'There is no run "{run_id}" here. The last ones: {known}.',
            run_id=run_id[:60],
            known=", ".join(known) or said("none"),
        ),
        said("`parom history` lists them."),
        exit_code=ExitCode.USAGE,
    )


def nothing_current(newest: str) -> ParomError:
    return ParomError(
        "installation.nothing-current",
        said(
            "There are releases here (the newest is {newest}), but none of them is current.",
            newest=newest,
        ),
        said(
            "Let the link `current` lead to the one that should run, for example `ln -s "
            "releases/{newest} current`, and deploy again. Nothing was changed.",
            newest=newest,
        ),
    )


def data_without_release(database: str) -> ParomError:
    return ParomError(
        "installation.data-without-release",
        said(
            "{database} holds data, but no release is installed that could be brought "
            "back with it.",
            database=database,
        ),
        said(
            "Let Parom take the installation over that the data belongs to (`parom "
            "adopt`, or the layout in-place); or, if it is of no use, move the file away, or name "
            "an empty database on the server. Nothing was changed."
        ),
    )


def other_place(run_id: str, keys: Sequence[str]) -> ParomError:
    return ParomError(
        "run.other-place",
        said(
            "Since run {run_id} began, parom.toml was edited: {keys}. It cannot go on "
            "elsewhere than it began.",
            run_id=run_id,
            keys=", ".join(keys),
        ),
        said(
            "Put what it said before back, finish the run with `parom resume` or `parom "
            "rollback`, and edit it then. Nothing was changed."
        ),
    )
