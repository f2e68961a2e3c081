"""The maintenance page: HTML or JSON, Russian or English. Standard library only (3.8+)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

LARGEST_PAGE = 1 << 20

_TEXTS = {
    "en": {
        "title": "Back in a moment",
        "lead": "We are putting a new version in place. Nothing is lost; "
        "this page reloads by itself.",
    },
    "ru": {
        "title": "Скоро вернёмся",
        "lead": "Мы устанавливаем новую версию. Ничего не потеряется, страница обновится сама.",
    },
}

_HTML = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{retry_after}">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark;
  --ink: #16324a; --soft: #4a6176; --sky: #eef5fa; --sea: #2f7fb5; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e7f1f8; --soft: #9db4c6; --sky: #0f1d29; --sea: #4aa3dc; }}
}}
body {{ margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center;
  background: var(--sky); color: var(--ink); font: 1.1rem/1.55 system-ui, sans-serif; }}
main {{ max-width: 30rem; padding: 2rem; text-align: center; text-wrap: balance; }}
h1 {{ font-size: 1.9rem; margin: 1.2rem 0 .4rem; }}
p {{ color: var(--soft); margin: 0; }}
svg {{ width: 11rem; fill: none; stroke: var(--sea); stroke-width: 3; stroke-linecap: round;
  stroke-linejoin: round; }}
</style>
<main>
<svg viewBox="0 0 120 60" aria-hidden="true">
<path d="M22 34h76l-9 12H31z"/><path d="M38 34V22h40v12"/><path d="M50 22v-9h12v9"/>
<path d="M6 54q9-6 18 0t18 0 18 0 18 0 18 0 18 0"/>
</svg>
<h1>{title}</h1>
<p>{lead}</p>
</main>
</html>
"""


@dataclass(frozen=True)
class Page:
    """An answer with status 503."""

    headers: dict[str, str]
    body: bytes


class Pages:
    """Chooses and renders. `folder` may hold the team's own maintenance.html,
    maintenance.ru.html and maintenance.json, each at most 1 MiB; what is not there is ours."""

    def __init__(self, folder: Path | None = None, *, retry_after_s: int = 30) -> None:
        self._folder, self._retry_after_s = folder, retry_after_s

    def page(self, accept: str, accept_language: str) -> Page:
        """The page for the values of the headers `Accept` and `Accept-Language`."""
        language = language_of(accept_language)
        if wants_json(accept):
            kind, body = "application/json", self._json(language)
        else:
            kind, body = "text/html; charset=utf-8", self._html(language)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Language": language,
            "Retry-After": str(self._retry_after_s),
            "Cache-Control": "no-store",
            "Vary": "Accept, Accept-Language",
        }
        return Page(headers, body)

    def _html(self, language: str) -> bytes:
        own = self._own(f"maintenance.{language}.html") or self._own("maintenance.html")
        if own is not None:
            return own
        text = _HTML.format(language=language, retry_after=self._retry_after_s, **_TEXTS[language])
        return text.encode()

    def _json(self, language: str) -> bytes:
        own = self._own("maintenance.json")
        if own is not None:
            return own
        text = _TEXTS[language]
        error = {"code": "maintenance", "message": f"{text['title']}. {text['lead']}"}
        return json.dumps({"error": error}, ensure_ascii=False).encode()

    def _own(self, name: str) -> bytes | None:
        if self._folder is None:
            return None
        file = self._folder / name
        if not file.is_file() or file.stat().st_size > LARGEST_PAGE:
            return None
        return file.read_bytes()


def language_of(accept_language: str) -> str:
    """ru where it is preferred over en, else en."""
    best, best_quality = "en", 0.0
    for part in accept_language.split(","):
        name, _, parameter = part.strip().partition(";")
        try:
            quality = float(parameter.strip().partition("=")[2]) if parameter else 1.0
        except ValueError:
            continue
        primary = name.split("-")[0].lower()
        if primary in _TEXTS and quality > best_quality:
            best, best_quality = primary, quality
    return best


def wants_json(accept: str) -> bool:
    """Whether JSON is asked for, and HTML is not."""
    kinds = accept.lower()
    return "json" in kinds and "text/html" not in kinds
