"""What makes two errors in a log the same one."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from parom.masking import without_credentials

MOST_SIGNATURES = 1000
"""More than so many are told apart by their place alone, so that memory has a bound."""
_LONGEST = 200
_MOST_READ = 2000
"""Of a message. Some logs hold whole documents, and looking for addresses takes its square."""
_OPEN = re.compile(r"['\"`«“][^'\"`»”]*$")
"""A quoted part that was cut off."""
_MASKED = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "@"),
    (re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|«[^»\n]*»|“[^”\n]*”"), "''"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.I), "0"),
    (re.compile(r"\b0x[0-9a-f]+\b", re.I), "0"),
    (re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{12,}\b", re.I), "0"),
    (re.compile(r"[-+]*\d(?:[-+.,:/\d]*\d)?"), "0"),
)
"""In this order: what stands in quotation marks may hold any of the others."""


@dataclass(frozen=True, order=True)
class Signature:
    """Two errors with the same signature are one error, seen twice."""

    exception: str
    """The type as logged; `CRITICAL` for a line of that level without a traceback."""
    place: str
    """File of the last frame of the application's own, without the release's folder."""
    function: str
    message: str
    """With numbers, addresses and quoted parts masked."""

    def __str__(self) -> str:
        where = f" in {self.place}, {self.function}" if self.place else ""
        return (
            f"{self.exception}: {self.message}{where}" if self.message else self.exception + where
        )

    @property
    def without_message(self) -> Signature:
        return Signature(self.exception, self.place, self.function, "...")


def masked(message: str) -> str:
    """A message without what differs from one occurrence to the next.

    Quoted parts and e-mail addresses go for another reason too: they are people's data.
    """
    text = without_credentials(message.strip()[:_MOST_READ])
    for pattern, instead in _MASKED:
        text = pattern.sub(instead, text)
    if len(message) > _MOST_READ:
        text = _OPEN.sub("''", text)
    return text[:_LONGEST]


def bounded(signature: Signature, known: Collection[Signature]) -> Signature:
    """The signature, or its place alone once too many are known."""
    if signature in known or len(known) < MOST_SIGNATURES:
        return signature
    return signature.without_message
