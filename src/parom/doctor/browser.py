"""The browser that pages are loaded in during the watch."""

from __future__ import annotations

from collections.abc import Iterator

from parom.doctor.observation import Observation, good, warning
from parom.doctor.patient import Patient
from parom.watch.browser import PROGRAMS, Browser, find_browser
from parom.watch.devtools import BrowserGoneError


def browser(patient: Patient) -> Iterator[Observation]:
    """Whether there is one and it starts, where pages are to be loaded."""
    if not patient.config.watch.pages:
        return
    program = find_browser()
    if program is None:
        yield warning(
            "pages.no-browser",
            f"watch.pages are to be loaded in a browser, and none is on PATH "
            f"({', '.join(PROGRAMS)}): their load time will be missing, and no watch will pass.",
            "Install Chromium (`apt-get install chromium`), or leave watch.pages out.",
        )
        return
    trial = Browser(program)
    try:
        trial.try_out()
    except BrowserGoneError as problem:
        yield warning(
            "pages.browser-broken",
            f"The browser for watch.pages does not work: {problem}. Their load time will be "
            "missing, and no watch will pass.",
            f"Run `{program} --headless --dump-dom about:blank` as this user and see what it says.",
        )
    else:
        yield good("pages.browser", f"{program} starts; pages can be loaded in it.")
    finally:
        trial.close()
