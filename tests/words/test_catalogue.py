"""R-8.4: nothing that is said is left in English, and nothing is translated that nobody says."""

from __future__ import annotations

import re
import string
from collections import Counter

import polib
import pytest

from parom.words.language import CATALOGUES, Language, Words, translations
from tests.words.spoken import spoken

RUSSIAN = translations(Language.RUSSIAN)
SPOKEN = spoken()
_PLACE = re.compile(r"\{[^}]*\}")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_a_text_that_is_said_is_found() -> None:
    """A search that finds nothing would prove nothing."""
    assert len(SPOKEN) > 200


@pytest.mark.parametrize("text", SPOKEN)
def test_it_is_said_in_russian(text: str) -> None:
    """Half a report in another language is not read."""
    entry = RUSSIAN.find(text)
    assert entry is not None
    assert not entry.fuzzy
    assert entry.msgid_plural == SPOKEN[text]
    assert len(forms(entry)) == (3 if SPOKEN[text] else 1)
    for form in forms(entry):
        assert places(form) == places(text)
        if re.search("[A-Za-z]", _PLACE.sub("", text)):
            assert re.search("[А-Яа-яЁё]", form)


def test_no_text_is_there_twice() -> None:
    """Of two, nobody knows which is meant."""
    files = CATALOGUES.glob("ru*.po")
    counts = Counter(one.msgid for file in files for one in polib.pofile(str(file)))
    assert [text for text, times in counts.items() if times > 1] == []


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 строка"), (2, "2 строки"), (5, "5 строк"), (11, "11 строк"), (21, "21 строка")],
)
def test_a_number_has_its_form(number: int, said: str) -> None:
    """Russian has three of them."""
    assert Words(Language.RUSSIAN).count("{number} row", "{number} rows", number) == said


def test_what_has_no_translation_is_said_in_english() -> None:
    """Better understood by some than missing for all."""
    assert Words(Language.RUSSIAN).say("of this nobody spoke: {x}", x="{y}") == (
        "of this nobody spoke: {y}"
    )
