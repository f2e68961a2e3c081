"""What a person's word is not taken for."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ExitCode, ParomError


def unknown_item(item: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "checklist.unknown-item",
        f'No checklist of this run has an item "{item[:60]}".',
        f"A person can vouch for: {', '.join(known) or 'nothing'}.",
        exit_code=ExitCode.USAGE,
    )


def needs_evidence(item: str, known: Sequence[str]) -> ParomError:
    return ParomError(
        "checklist.needs-evidence",
        f"{item} is ticked by evidence alone.",
        f"A person can vouch for: {', '.join(known) or 'nothing'}.",
        exit_code=ExitCode.USAGE,
    )


def not_open(item: str, mark: str) -> ParomError:
    return ParomError(
        "checklist.not-open",
        f"{item} needs nobody's word: {mark}.",
        "`parom checklist` shows what it rests on. Nothing was changed.",
    )


def refused(who: str) -> ParomError:
    return ParomError(
        "checklist.refused",
        f"{who} has no role, so that their word would say nothing.",
        "Ask somebody who has one, or have [access] of parom.toml changed. Nothing was changed.",
    )
