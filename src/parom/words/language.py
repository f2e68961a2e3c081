"""English is written where it is used; the other languages are catalogues beside this file."""

from __future__ import annotations

import enum
import gettext
import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polib

CATALOGUES = Path(__file__).parent


class Language(enum.StrEnum):
    """A language of screens, reports and notices. The values are those of parom.toml."""

    ENGLISH = "en"
    RUSSIAN = "ru"


@dataclass(frozen=True)
class Words:
    """Says things in one language. What has no translation is said in English.

    Values are put in after the translation, so that a `{` in them means nothing.
    """

    language: Language

    def say(self, text: str, /, **values: object) -> str:
        """The text, with `{name}` replaced by its value."""
        if not text:  # a catalogue's empty text is its own head
            return ""
        said = _catalogue(self.language).gettext(text)
        return said.format(**values) if values else said

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """The right form for a number, which the texts name `{number}`."""
        said = _catalogue(self.language).ngettext(one, many, number)
        return said.format(number=number, **values)


ENGLISH = Words(Language.ENGLISH)


def translations(language: Language) -> polib.POFile:
    """All that is translated: `ru.po` has reports and notices, `ru-screens.po` the screens,
    `ru-errors.po` the errors, `ru-doctor.po` what doctor sees. No text is in two of them."""
    import polib

    first, *others = sorted(
        CATALOGUES.glob(f"{language.value}*.po"), key=lambda one: (len(one.name), one.name)
    )
    together = polib.pofile(str(first))
    known = {one.msgid for one in together}
    for file in others:
        new = [one for one in polib.pofile(str(file)) if one.msgid not in known]
        known |= {one.msgid for one in new}
        together.extend(new)
    return together


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    """Read as it is written: there is nothing to compile, and so nothing that is out of date."""
    if language is Language.ENGLISH:
        return gettext.NullTranslations()
    return gettext.GNUTranslations(io.BytesIO(translations(language).to_binary()))
