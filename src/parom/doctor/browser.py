"""The browser that pages are loaded in during the watch."""

from __future__ import annotations

from collections.abc import Iterator

from parom.doctor.observation import Observation, good, warning
from parom.doctor.patient import Patient
from parom.watch.browser import PROGRAMS, Browser, find_browser
from parom.watch.devtools import BrowserGoneError
from parom.words.said import said


def browser(patient: Patient) -> Iterator[Observation]:
    """Whether there is one and it starts, where pages are to be loaded."""
    if not patient.config.watch.pages:
        return
    program = find_browser()
    if program is None:
        yield warning(
            "pages.no-browser",
            said(
                "watch.pages are to be loaded in a browser, and none is on PATH "
                "({programs}): their load time will be missing, and no watch will pass.",
                programs=", ".join(PROGRAMS),
            ),
            said("Install Chromium (`apt-get install chromium`), or leave watch.pages out."),
        )
        return
    trial = Browser(program)
    try:
        trial.try_out()
    except BrowserGoneError as problem:
        yield warning(
            "pages.browser-broken",
            said(
                "The browser for watch.pages does not work: {problem}. Their load time will "
                "be missing, and no watch will pass.",
                problem=problem,
            ),
            said(
                "Run `{program} --headless --dump-dom about:blank` as this user and see what "
                "it says.",
                program=program,
            ),
        )
    else:
        yield good(
            "pages.browser", said("{program} starts; pages can be loaded in it.", program=program)
        )
    finally:
        trial.close()
