"""What can go wrong when an installation in one folder becomes one with releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def not_in_place(root: Path) -> ParomError:
    return ParomError(
        "adopt.not-in-place",
        said(
            'project.layout is "releases" already, and {root} was not adopted by Parom.', root=root
        ),
        said("There is nothing to adopt, or to take back. Nothing was changed."),
    )


def under_way(root: Path) -> ParomError:
    return ParomError(
        "adopt.under-way",
        said("The adoption of {root} was interrupted.", root=root),
        said("`parom adopt` carries it on, `parom adopt --back` takes it back."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def vault_inside(vault: Path, root: Path) -> ParomError:
    return ParomError(
        "adopt.vault-inside",
        said(
            "The vault {vault} lies in {root}, where it would count as code.",
            vault=vault,
            root=root,
        ),
        said("Move it out, best to another disk, and correct vault.path. Nothing was changed."),
    )


def config_not_rewritten(path: Path, changes: Sequence[str]) -> ParomError:
    return ParomError(
        "adopt.config-not-rewritten",
        said("{path} is written in a way that Parom cannot change safely.", path=path),
        said(
            "Bring these keys into the form `key = value` on lines of their own, then "
            "adopt again; they would become: {changes}. Nothing was changed.",
            changes="; ".join(changes),
        ),
    )


def held(named: str) -> ParomError:
    return ParomError(
        "adopt.database-held",
        said("These processes still have the database open: {named}.", named=named),
        said("End them, then adopt again, or take it back with `parom adopt --back`."),
        exit_code=ExitCode.NEEDS_PERSON,
    )


def unhealthy(detail: str) -> ParomError:
    return ParomError(
        "adopt.unhealthy",
        said(
            "The application is not healthy at its new place: {detail}. All was put back.",
            detail=detail,
        ),
        said(
            "Correct what it expects of its folder (paths in its settings or scripts, "
            "names that belong into release.shared), then adopt again."
        ),
        exit_code=ExitCode.ROLLED_BACK,
    )
