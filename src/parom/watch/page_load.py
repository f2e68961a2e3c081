"""One page in a fresh tab of a browser, to its load event."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from parom.watch.devtools import BrowserGoneError, CommandRefusedError, DevTools

_TAB_S = 10.0
"""For opening an empty tab, and for closing one, whatever its page does: a browser that cannot
even do that is broken."""
_TIMING = """(() => {
  const it = performance.getEntriesByType("navigation")[0];
  return it ? [it.loadEventStart, it.responseStatus] : null;
})()"""
_ERROR = 400


@dataclass(frozen=True)
class Load:
    """How it went. Without `seconds` the page did not load, and `fact` says why."""

    seconds: float | None
    fact: str = ""


def load_page(devtools: DevTools, url: str, headers: Mapping[str, str], limit_s: float) -> Load:
    """Seconds from the beginning of the navigation to the load event, redirects included.

    The tab shares no cache, cookies or workers with any other. `headers` go to the host and port
    of `url` alone, wherever the page leads. Raises BrowserGoneError.
    """
    until = time.monotonic() + _TAB_S
    try:
        given = {"disposeOnDetach": True}
        context = devtools.call("Target.createBrowserContext", given, until, _ignore)
        visit = _Visit(devtools, url, headers)
        visit.open_tab(str(context["browserContextId"]), until)
    except TimeoutError:
        raise BrowserGoneError(f"it did not open a tab in {_TAB_S:g} s") from None
    except CommandRefusedError as problem:
        raise BrowserGoneError(f"it refuses: {problem}") from None
    try:
        return visit.made(time.monotonic() + limit_s)
    except TimeoutError:
        return Load(None, f"no load event in {limit_s:g} s")
    except CommandRefusedError as problem:
        return Load(None, f"the browser refuses: {problem}")
    finally:
        _close(devtools, str(context["browserContextId"]))


def _close(devtools: DevTools, context: str) -> None:
    given, until = {"browserContextId": context}, time.monotonic() + _TAB_S
    try:
        devtools.call("Target.disposeBrowserContext", given, until, _ignore)
    except TimeoutError:
        raise BrowserGoneError(f"it did not close a tab in {_TAB_S:g} s") from None
    except CommandRefusedError:
        return  # it is closed already


def _ignore(_method: str, _given: Mapping[str, Any], _session: str) -> None:
    """Events of a tab that nobody looks at any more."""


class _Visit:
    """A tab as far as it has come."""

    def __init__(self, devtools: DevTools, url: str, headers: Mapping[str, str]) -> None:
        self._devtools, self._url, self._headers = devtools, url, headers
        self._own, self._until = _origin(url), 0.0
        self._session = self._frame = self._document = ""
        self._documents = 0
        self._loaded: set[str] = set()
        self._failed = ""

    def open_tab(self, context: str, until: float) -> None:
        """An empty one, listened to. Raises TimeoutError and the like."""
        self._until = until
        blank = {"url": "about:blank", "browserContextId": context}
        target = str(self._call("Target.createTarget", blank)["targetId"])
        attached = self._call("Target.attachToTarget", {"targetId": target, "flatten": True})
        self._session, self._frame = str(attached["sessionId"]), target
        self._call("Page.enable", {})
        self._call("Page.setLifecycleEventsEnabled", {"enabled": True})
        if self._headers:
            self._call("Fetch.enable", {"patterns": [{"urlPattern": f"{self._own}/*"}]})

    def made(self, until: float) -> Load:
        """To the page, until it has loaded or failed."""
        self._until, began = until, time.monotonic()
        answer = self._call("Page.navigate", {"url": self._url})
        if answer.get("errorText"):
            return Load(None, str(answer["errorText"]))
        self._devtools.follow(self._until, self._note, lambda: self._is_over)
        if self._failed:
            return Load(None, self._failed)
        return self._timed(time.monotonic() - began)

    @property
    def _is_over(self) -> bool:
        return bool(self._failed) or self._document in self._loaded

    def _timed(self, seen_s: float) -> Load:
        """By the page's own clock; where one document has led to another, which has a clock of
        its own, from the beginning of the first."""
        try:
            given = {"expression": _TIMING, "returnByValue": True}
            timing = self._call("Runtime.evaluate", given)["result"].get("value")
        except CommandRefusedError:  # it has gone on to another document by itself
            timing = None
        load_ms, status = timing or (0, 0)
        if status >= _ERROR:
            return Load(None, f"HTTP {status}")
        return Load(load_ms / 1000 if load_ms > 0 and self._documents == 1 else seen_s)

    def _call(self, method: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._devtools.call(method, given, self._until, self._note, self._session)

    def _note(self, method: str, given: Mapping[str, Any], session: str) -> None:
        if session != self._session:
            return
        match method:
            case "Fetch.requestPaused":
                self._let_pass(given)
            case "Page.frameNavigated" if given["frame"]["id"] == self._frame:
                self._document = given["frame"]["loaderId"]
                self._documents += 1
                if "unreachableUrl" in given["frame"]:
                    self._failed = "it led to what cannot be reached"
            case "Page.lifecycleEvent" if given["frameId"] == self._frame:
                if given["name"] == "load":
                    self._loaded.add(given["loaderId"])
            case "Page.javascriptDialogOpening":  # it would be waited for
                self._send("Page.handleJavaScriptDialog", {"accept": False})
            case "Inspector.targetCrashed":
                self._failed = "the browser's tab crashed"

    def _let_pass(self, paused: Mapping[str, Any]) -> None:
        """With the headers where it goes to the release; asked again at each redirect."""
        answer: dict[str, Any] = {"requestId": paused["requestId"]}
        request = paused["request"]
        if _origin(request["url"]) == self._own:
            ours = {name.lower() for name in self._headers}
            kept = {
                name: value
                for name, value in request["headers"].items()
                if name.lower() not in ours
            }
            answer["headers"] = [
                {"name": name, "value": value} for name, value in {**kept, **self._headers}.items()
            ]
        self._send("Fetch.continueRequest", answer)

    def _send(self, method: str, given: Mapping[str, Any]) -> None:
        self._devtools.send(method, given, self._until, self._session)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
