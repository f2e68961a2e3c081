"""The page that visitors see while they are kept out."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from parom_site.page import LARGEST_PAGE, Pages, language_of, wants_json


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de-DE,de;q=0.9,ru;q=0.5", "ru"),
        ("en;q=0.3, ru;q=0.4", "ru"),
        ("fr", "en"),
        ("ru;q=nonsense", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_what_the_visitor_prefers(header: str, language: str) -> None:
    """R-8.4: Russian and English; anything else gets English."""
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("header", "json_wanted"),
    [
        ("application/json", True),
        ("application/vnd.api+json", True),
        ("text/html,application/xhtml+xml,application/json;q=0.9", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_json_is_for_who_asks_for_it_and_not_for_browsers(header: str, json_wanted: bool) -> None:
    """R-4.1."""
    assert wants_json(header) is json_wanted


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_page_needs_nothing_from_anywhere(language: str) -> None:
    """The server that would send a style sheet or a font is the one that is down."""
    text = Pages().page("text/html", language).body.decode()
    assert not re.search(r"(src|href)\s*=|@import|url\(|https?://", text)
    assert f'<html lang="{language}">' in text
    assert 'name="viewport"' in text


def test_lengths_are_of_bytes_and_the_page_is_never_cached() -> None:
    """A page that stays in a cache would outlive the maintenance."""
    page = Pages(retry_after_s=90).page("application/json", "ru")
    assert page.headers["Content-Length"] == str(len(page.body))
    assert page.headers["Retry-After"] == "90"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Скоро" in json.loads(page.body)["error"]["message"]


def test_a_page_of_the_team_s_own_that_is_no_page_is_passed_over(tmp_path: Path) -> None:
    """A mistake in branding must not leave visitors with nothing."""
    (tmp_path / "maintenance.html").write_bytes(b"x" * (LARGEST_PAGE + 1))
    (tmp_path / "maintenance.json").mkdir()
    pages = Pages(tmp_path)
    assert b"<h1>" in pages.page("text/html", "en").body
    assert json.loads(pages.page("application/json", "en").body)["error"]["code"] == "maintenance"
