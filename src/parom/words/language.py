"""English is written where it is used; the other languages are catalogues beside this file."""

from __future__ import annotations

import enum
import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent


class Language(enum.StrEnum):
    """A language of reports and notices. The values are those of parom.toml."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@dataclass(frozen=True)
class Words:
    """Says things in one language. What has no translation is said in English.

    Values are put in after the translation, so that a `{` in them means nothing.
    """

    language: Language

    def say(self, text: str, **values: object) -> str:
        """The text, with `{name}` replaced by its value."""
        said = _catalogue(self.language).gettext(text)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The right form for a number, which the texts name `{number}`."""
        said = _catalogue(self.language).ngettext(one, many, number)
        return said.format(number=number, **values)


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """Read as it is written: there is nothing to compile, and so nothing that is out of date."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    import polib

    written = polib.pofile(str(CATALOGUES / f"{language.value}.po"))
    return gettext.GNUTranslations(io.BytesIO(written.to_binary()))
