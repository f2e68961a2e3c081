"""R-8.4: nothing that is said is left in English, and nothing is translated that nobody says."""

from __future__ import annotations

import re
import string
from collections import Counter

import polib
import pytest

from parom.words.language import CATALOGUES, Language, Words, translations
from tests.words.spoken import spoken

RUSSIAN = {one.msgid: one for one in translations(Language.RUSSIAN)}
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
    entry = RUSSIAN.get(text)
    assert entry is not None
    assert not entry.fuzzy
    assert entry.msgid_plural == SPOKEN[text]
    assert len(forms(entry)) == (3 if SPOKEN[text] else 1)
    for form in forms(entry):
        assert places(form) == places(text)
        if re.search("[A-Za-z]", _PLACE.sub("", text)):
            assert re.search("[А-Яа-яЁё]", form)


@pytest.mark.parametrize("text", [one for one in RUSSIAN if RUSSIAN[one].msgid_plural])
def test_a_text_with_a_number_has_all_its_forms_in_its_file(text: str) -> None:
    """Each file says by itself which form goes with which number."""
    entry = RUSSIAN[text]
    values = {name: "x" for name in places(text) | places(entry.msgid_plural) if name != "number"}
    for number, form in ((1, 0), (3, 1), (5, 2)):
        said = Words(Language.RUSSIAN).count(text, entry.msgid_plural, number, **values)
        assert said == entry.msgstr_plural[form].format(number=number, **values)


def test_nothing_is_translated_that_nobody_says() -> None:
    """What is left over is looked for in vain by whoever corrects it."""
    assert [text for text in RUSSIAN if text not in SPOKEN] == []


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
