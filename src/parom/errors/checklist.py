"""What a person's word is not taken for."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said


def unknown_item(item: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "checklist.unknown-item",
        said('No checklist of this run has an item "{item}".', item=item[:60]),
        said("A person can vouch for: {known}.", known=", ".join(known) or said("nothing")),
        exit_code=ExitCode.USAGE,
    )


def needs_evidence(item: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "checklist.needs-evidence",
        said("{item} is ticked by evidence alone.", item=item),
        said("A person can vouch for: {known}.", known=", ".join(known) or said("nothing")),
        exit_code=ExitCode.USAGE,
    )


def not_open(item: str, mark: str) -> ParomError:
    return ParomError(
        "checklist.not-open",
        said("{item} needs nobody's word: {mark}.", item=item, mark=said(mark)),
        said("`parom checklist` shows what it rests on. Nothing was changed."),
    )


def refused(who: str) -> ParomError:
    return ParomError(
        "checklist.refused",
        said("{who} has no role, so that their word would say nothing.", who=who),
        said(
            "Ask somebody who has one, or have [access] of parom.toml changed. Nothing was changed."
        ),
    )
