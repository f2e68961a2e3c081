"""What can go wrong when an installation in one folder becomes one with releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError


def not_in_place(root: Path) -> ParomError:
    return ParomError(
        "adopt.not-in-place",
        f'project.layout is "releases" already, and {root} was not adopted by Parom.',
        "There is nothing to adopt, or to take back. Nothing was changed.",
    )


def under_way(root: Path) -> ParomError:
    return ParomError(
        "adopt.under-way",
        f"The adoption of {root} was interrupted.",
        "`parom adopt` carries it on, `parom adopt --back` takes it back.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def vault_inside(vault: Path, root: Path) -> ParomError:
    return ParomError(
        "adopt.vault-inside",
        f"The vault {vault} lies in {root}, where it would count as code.",
        "Move it out, best to another disk, and correct vault.path. Nothing was changed.",
    )


def config_not_rewritten(path: Path, changes: Sequence[str]) -> ParomError:
    return ParomError(
        "adopt.config-not-rewritten",
        f"{path} is written in a way that Parom cannot change safely.",
        "Bring these keys into the form `key = value` on lines of their own, then adopt again; "
        f"they would become: {'; '.join(changes)}. Nothing was changed.",
    )


def held(named: str) -> ParomError:
    return ParomError(
        "adopt.database-held",
        f"These processes still have the database open: {named}.",
        "End them, then adopt again, or take it back with `parom adopt --back`.",
        exit_code=ExitCode.NEEDS_PERSON,
    )


def unhealthy(detail: str) -> ParomError:
    return ParomError(
        "adopt.unhealthy",
        f"The application is not healthy at its new place: {detail}. All was put back.",
        "Correct what it expects of its folder (paths in its settings or scripts, names that "
        "belong into release.shared), then adopt again.",
        exit_code=ExitCode.ROLLED_BACK,
    )
