"""Catalogues of translations are compiled without GNU gettext, to what it would make."""

import gettext
import io

from django.conf import settings

from compile_messages import compile_folder, compiled

CATALOGUE = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 ? 1 : 2);\n"

# a remark
#, python-format
msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s день"
msgstr[1] "%(n)s дня"
msgstr[2] "%(n)s дней"

msgctxt "a month"
msgid "May"
msgstr "Май"

msgid "a \"long\" "
"one"
msgstr "\"длинное\"\n"
"из двух"

msgid "not yet"
msgstr ""

#, fuzzy
msgid "doubtful"
msgstr "сомнительно"
"""


def test_compiled_catalogue_is_read_by_gettext():
    """Plural forms, contexts, lines that go on; nothing that is doubtful."""
    found = gettext.GNUTranslations(io.BytesIO(compiled(CATALOGUE)))
    days = [found.ngettext("%(n)s day", "%(n)s days", n) for n in (1, 3, 7)]
    assert days == ["%(n)s день", "%(n)s дня", "%(n)s дней"]
    assert found.pgettext("a month", "May") == "Май"
    assert found.gettext('a "long" one') == '"длинное"\nиз двух'
    assert found.gettext("not yet") == "not yet"
    assert found.gettext("doubtful") == "doubtful"


def test_every_catalogue_has_its_compiled_file(tmp_path):
    """Beside it, as Django looks for it."""
    for name in ("ru", "be"):
        folder = tmp_path / name / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.po").write_text(CATALOGUE, "utf-8")
    assert {file.name for file in compile_folder(tmp_path)} == {"django.mo"}
    assert len(list(tmp_path.rglob("*.mo"))) == 2


def test_nothing_of_the_russian_catalogue_is_left_untranslated():
    """An empty text would be shown in English."""
    text = (settings.BASE_DIR / "locale/ru/LC_MESSAGES/django.po").read_text("utf-8")
    entries = [one for one in text.split("\n\n")[1:] if one.strip()]
    assert len(entries) > 100
    assert [one for one in entries if 'msgstr ""' in one or "fuzzy" in one] == []
