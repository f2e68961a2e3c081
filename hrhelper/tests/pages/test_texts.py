"""The pages in two languages."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from apps.accounts.roles import Role
from tests.pages.reading import FOR_ALL, FOR_RECRUITERS, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", FOR_ALL + FOR_RECRUITERS)
def test_russian_pages_have_no_english_words(visit, shown, path):
    """A word that was forgotten in the catalogue stays English."""
    page = text_of(visit(Role.RECRUITER, "ru").get(path.format(**shown)))
    data = {"HR", "Helper", "Huntflow", "Gemini", "English", "Tester", "Senior", "Free", "olga",
            "recruiter", "USD", "BYN", "PLN", "EUR", "there", "Offer", "Django", "Kafka", "Good",
            "m", "quot", "nbsp", "x27"}  # fmt: skip
    assert set(re.findall(r"[A-Za-z]\w*", page)) <= data


def test_language_is_switched_by_hand_and_kept(visit, shown):
    """Whatever the browser asks for."""
    browser = visit(Role.VIEWER, "en")
    answer = browser.post("/language/", {"language": "ru", "next": "/salaries/"})
    assert answer["Location"] == "/salaries/"
    assert "Зарплатные вилки" in text_of(browser.get("/salaries/"))


def test_pages_of_errors_have_words(visit):
    """In the visitor's language."""
    assert "Здесь ничего нет" in text_of(visit(Role.VIEWER, "ru").get("/nothing/"), 404)
    assert "роли" in text_of(visit(None, "ru").get("/"), 403)


def test_page_of_an_error_has_the_whole_menu(visit):
    """Whoever got lost goes on from there."""
    missing = text_of(visit(Role.RECRUITER, "en").get("/nothing/"), 404)
    assert "Candidates" in missing
    assert "Candidates" not in text_of(visit(Role.VIEWER, "en").get("/nothing/"), 404)


@pytest.mark.parametrize("path", ["/accounts/3rdparty/", "/accounts/login/"])
def test_pages_of_the_login_library_look_like_ours(visit, client, path):
    """With the menu, the language, and one heading."""
    browser = visit(Role.RECRUITER) if "3rdparty" in path else client
    page = browser.get(path).content.decode()
    assert "pages/style.css" in page
    assert 'class="brand"' in page
    assert page.count("<h1>") == 1


def test_catalogue_has_every_text_of_the_templates():
    """Also of pages that no test opens."""
    catalogue = (settings.BASE_DIR / "locale/ru/LC_MESSAGES/django.po").read_text("utf-8")
    for file in Path(settings.BASE_DIR / "apps/pages/templates").rglob("*.html"):
        for _, text in re.findall(r"{% translate (['\"])(.+?)\1 %}", file.read_text("utf-8")):
            assert f'msgid "{text}"' in catalogue, (file.name, text)
