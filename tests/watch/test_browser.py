"""Pages in a browser, and browsers that fail."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import psutil
import pytest

from parom.watch.browser import Browser, find_browser
from parom.watch.devtools import BrowserGoneError
from tests.checks.server import Answer, Server
from tests.support.living import contents_below
from tests.support.waiting import PATIENCE_S, wait_until
from tests.watch.browsers import (
    BABBLING,
    ENDING,
    HANGING,
    SILENT,
    STUBBORN,
    fake,
    needs_browser,
)

HEADERS = {"Authorization": "Token canary71aa", "X-Parom-Bypass": "canary71bb"}


def page(text: str, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = f"<!doctype html><link rel=icon href='data:,'>{text}".encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def held(until: threading.Event) -> Answer:
    """Answers when it may."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        until.wait(PATIENCE_S)
        page("at last")(handler)

    return answer


@pytest.fixture
def site() -> Iterator[Server]:
    with Server().running() as server:
        server.answers["/"] = page('<img src="/picture"><script>document.cookie="a=b"</script>')
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_browser()
    assert program is not None
    made = Browser(program)
    try:
        yield made
    finally:
        made.close()


def of_profile(folder: str) -> list[psutil.Process]:
    """Processes of a browser with this profile, those that nobody collected left out."""
    found = []
    for one in psutil.process_iter():
        try:
            if folder in " ".join(one.cmdline()) and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.Error:
            continue
    return found


def profiles(pid: int) -> list[str]:
    return [str(one) for one in Path(tempfile.gettempdir()).glob(f"parom-pages-{pid}-*")]


def started(folder: Path) -> list[psutil.Process]:
    """Children whose program lies in this folder."""
    found = []
    for one in psutil.Process().children():
        with contextlib.suppress(psutil.Error):  # another test's, which ends or is collected
            if str(folder) in " ".join(one.cmdline()):
                found.append(one)
    return found


@needs_browser
def test_a_page_is_loaded_with_all_that_belongs_to_it(browser: Browser, site: Server) -> None:
    """R-5.3: the load event comes when the last picture is there, not with the first byte."""
    load = browser.load(f"{site.url}/", {}, PATIENCE_S)
    assert load.fact == ""
    assert load.seconds is not None
    assert load.seconds > 0
    assert [path for path, _ in site.seen] == ["/", "/picture"]


@needs_browser
def test_a_page_s_load_is_not_over_before_its_picture_is_there(
    browser: Browser, site: Server
) -> None:
    may = threading.Event()
    site.answers["/picture"] = held(may)
    found: list[float | None] = []

    def load() -> None:
        found.append(browser.load(f"{site.url}/", {}, PATIENCE_S).seconds)

    loading = threading.Thread(target=load)
    loading.start()
    wait_until(lambda: [path for path, _ in site.seen] == ["/", "/picture"], "it is asked for")
    assert found == []
    may.set()
    loading.join()
    assert found[0] is not None


@needs_browser
def test_each_load_is_a_first_visit(browser: Browser, site: Server) -> None:
    """A warm cache would hide what new visitors wait for."""
    for _ in range(2):
        assert browser.load(f"{site.url}/", {}, PATIENCE_S).seconds is not None
    assert [path for path, _ in site.seen] == ["/", "/picture"] * 2
    # The picture of the same visit may come before the script sets the cookie, or after it.
    visits = [headers for path, headers in site.seen if path == "/"]
    assert not any("Cookie" in headers for headers in visits)


@needs_browser
def test_secret_headers_go_to_the_release_alone(browser: Browser, site: Server) -> None:
    """R-10.3: not to the pictures, frames, redirects and scripts of others, on whatever port."""
    with Server().running() as other:
        other.answers["/frame"] = page(f'<img src="{site.url}/picture">')
        site.answers["/away"] = page("", 302, Location=f"{other.url}/moved")
        site.answers["/"] = page(
            f'<img src="{other.url}/picture"><img src="/away"><img src="/picture">'
            f'<iframe src="{other.url}/frame"></iframe><script>fetch("{other.url}/data")</script>'
        )
        assert browser.load(f"{site.url}/", HEADERS, PATIENCE_S).seconds is not None
        ours = dict(site.seen)
        assert ours["/"]["Authorization"] == HEADERS["Authorization"]
        assert ours["/away"]["X-Parom-Bypass"] == HEADERS["X-Parom-Bypass"]
        assert {"/picture", "/moved", "/frame"} <= {path for path, _ in other.seen}
        assert "canary71" not in str([headers for _, headers in other.seen])


@needs_browser
def test_secret_headers_stand_in_no_argument_and_no_file(browser: Browser, site: Server) -> None:
    assert browser.load(f"{site.url}/", HEADERS, PATIENCE_S).seconds is not None
    for profile in profiles(os.getpid()):
        for one in of_profile(profile):
            with contextlib.suppress(psutil.Error):  # a tab's process, which ends
                assert "canary71" not in " ".join(one.cmdline()) + str(one.environ())
        for file, content in contents_below(Path(profile)):
            assert b"canary71" not in content, file


@needs_browser
@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        (page("broken", 500), "HTTP 500"),
        (page("nowhere", 404), "HTTP 404"),
        (page("", 302, Location="http://127.0.0.1:1/"), "net::ERR_UNSAFE_PORT"),
        (page("<script>for (;;);</script>"), "no load event in 2 s"),
    ],
)
def test_what_is_no_page_did_not_load(
    browser: Browser, site: Server, answer: Answer, fact: str
) -> None:
    """An error page loads in no time, which is no sign of health."""
    site.answers["/"] = answer
    load = browser.load(f"{site.url}/", {}, 2 if "2 s" in fact else PATIENCE_S)
    assert load.seconds is None
    assert load.fact == fact
    site.answers["/next"] = page("fine")
    assert browser.load(f"{site.url}/next", {}, PATIENCE_S).seconds is not None


@needs_browser
@pytest.mark.parametrize(
    "text",
    ["<script>alert('wait for me')</script>", "<script>location.replace('/other')</script>"],
)
def test_what_pages_do_is_survived(browser: Browser, site: Server, text: str) -> None:
    site.answers["/"], site.answers["/other"] = page(text), page("other")
    assert browser.load(f"{site.url}/", {}, PATIENCE_S).seconds is not None


@needs_browser
def test_nothing_is_left_of_it() -> None:
    program = find_browser()
    assert program is not None
    before, made = set(profiles(os.getpid())), Browser(program)
    try:
        made.try_out()
        (profile,) = set(profiles(os.getpid())) - before
        assert of_profile(profile)
    finally:
        made.close()
    wait_until(lambda: not of_profile(profile), "its processes are gone")
    assert not Path(profile).exists()


@needs_browser
def test_it_ends_with_a_parom_that_is_killed() -> None:
    """A browser without its pipe ends, so none is left on a production by a kill -9."""
    code = (
        "import threading\nfrom parom.watch.browser import Browser, find_browser\n"
        "browser = Browser(find_browser())\nbrowser.try_out()\n"
        "print('ready', flush=True)\nthreading.Event().wait()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parom:
        try:
            assert parom.stdout is not None
            assert parom.stdout.readline() == b"ready\n"
            (profile,) = profiles(parom.pid)
            assert of_profile(profile)
        finally:
            parom.kill()
    wait_until(lambda: not of_profile(profile), "its processes are gone")
    subprocess.run(["rm", "-r", profile], check=True)


@pytest.mark.parametrize(
    ("code", "fact"),
    [
        (SILENT, "no answer in 0.5 s"),
        (STUBBORN, "no answer in 0.5 s"),
        (BABBLING, "what it says is no DevTools protocol"),
        (ENDING, "no usable sandbox"),
    ],
)
def test_a_browser_that_does_not_start_is_given_up(tmp_path: Path, code: str, fact: str) -> None:
    """Bounded in time, and ended: it says nothing of the page."""
    made = Browser(fake(tmp_path, code), start_limit_s=0.5 if "0.5" in fact else PATIENCE_S)
    try:
        with pytest.raises(BrowserGoneError, match=fact):
            made.load("http://127.0.0.1:9/", {}, 5)
        assert not started(tmp_path)
    finally:
        made.close()


def test_a_browser_that_stops_answering_is_not_the_page_s_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parom.watch.page_load._TAB_S", 0.5)
    made = Browser(fake(tmp_path, HANGING))
    try:
        with pytest.raises(BrowserGoneError, match="did not open a tab"):
            made.load("http://127.0.0.1:9/", {}, 0.5)
        assert not started(tmp_path)
    finally:
        made.close()


def test_a_load_under_way_ends_when_it_is_killed(tmp_path: Path) -> None:
    """An abort must not wait for a page."""
    made, raised = Browser(fake(tmp_path, HANGING)), threading.Event()

    def load() -> None:
        with pytest.raises(BrowserGoneError):
            made.load("http://127.0.0.1:9/", {}, 3600)
        raised.set()

    thread = threading.Thread(target=load)
    thread.start()
    wait_until(lambda: bool(started(tmp_path)), "it was started")
    made.kill()
    thread.join(PATIENCE_S)
    made.close()
    assert raised.is_set()
    with pytest.raises(BrowserGoneError, match="it was ended"):
        made.load("http://127.0.0.1:9/", {}, 1)
