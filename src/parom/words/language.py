"""English is written where it is used; the other languages are catalogues beside this file."""

from __future__ import annotations

import enum
import gettext
import io
from dataclasses import dataclass
from functools import cache, cached_property
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
    `ru-errors.po` the errors, and so on. No text is in two of them."""
    import polib

    first, *others = _files(language)
    together = polib.pofile(str(first))
    known = {one.msgid for one in together}
    for file in others:
        new = [one for one in polib.pofile(str(file)) if one.msgid not in known]
        known |= {one.msgid for one in new}
        together.extend(new)
    return together


def _files(language: Language) -> list[Path]:
    """What a short command asks for comes first."""
    code = language.value
    often = [f"{code}-screens.po", f"{code}-help.po", f"{code}.po", f"{code}-errors.po"]
    found = {one.name: one for one in CATALOGUES.glob(f"{code}*.po")}
    names = [name for name in often if name in found]
    return [found[name] for name in (*names, *sorted(found.keys() - names))]


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    chain = gettext.NullTranslations()
    if language is not Language.ENGLISH:
        for file in _files(language):
            chain.add_fallback(_Unread(file))
    return chain


class _Unread(gettext.NullTranslations):
    """A catalogue that is read once those before it have not got a text: `parom status` needs
    none of the help pages. It is read as it is written: there is nothing to compile, and so
    nothing that is out of date."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    @cached_property
    def _read(self) -> gettext.GNUTranslations:
        import polib

        return gettext.GNUTranslations(io.BytesIO(polib.pofile(str(self._file)).to_binary()))

    def gettext(self, message: str) -> str:
        found = self._read.gettext(message)
        return found if found != message else super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        found = self._read.ngettext(msgid1, msgid2, n)
        return found if found not in (msgid1, msgid2) else super().ngettext(msgid1, msgid2, n)
