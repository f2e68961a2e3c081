"""Pages in a browser, again and again, beside whoever looks each second."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from parom.verdict.samples import PageLoaded
from parom.watch.devtools import BrowserGoneError
from parom.watch.page_load import Load


class Loader(Protocol):
    """What loads pages: `watch.browser.Browser`."""

    def load(self, url: str, headers: Mapping[str, str], limit_s: float) -> Load:
        """Raises BrowserGoneError: nothing is known of the page."""
        ...

    def kill(self) -> None:
        """From any thread; a `load` under way raises."""
        ...

    def close(self) -> None:
        """When nobody loads any more."""
        ...


@dataclass(frozen=True)
class Round:
    """All pages once. What the browser did not get to is no sample."""

    samples: tuple[PageLoaded, ...]
    trouble: str = ""
    """Why the browser could not go on; empty where it could."""


class PageRounds:
    """Loads all pages one after another in a thread of its own; it keeps nobody waiting."""

    def __init__(
        self,
        browser: Loader,
        addresses: Mapping[str, str],
        headers: Mapping[str, str],
        *,
        every_s: float,
        limit_s: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`addresses` by the pages' names; `limit_s` is each page's."""
        self._browser, self._addresses, self._headers = browser, addresses, headers
        self._every_s, self._limit_s, self._now = every_s, limit_s, now
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")
        self._under_way: Future[Round] | None = None
        self._next = 0.0

    def begin_if_due(self) -> None:
        """The next round, once its time has come and the one before is taken."""
        if self._under_way is None and time.monotonic() >= self._next:
            self._next = time.monotonic() + self._every_s
            self._under_way = self._pool.submit(self._load_all)

    @property
    def is_under_way(self) -> bool:
        return self._under_way is not None

    def taken(self) -> Round | None:
        """A round that has ended; None while there is none."""
        if self._under_way is None or not self._under_way.done():
            return None
        ended, self._under_way = self._under_way, None
        return ended.result()

    def end(self) -> None:
        """At once, whatever is being loaded."""
        self._browser.kill()
        self._pool.shutdown()
        self._browser.close()

    def _load_all(self) -> Round:
        samples: list[PageLoaded] = []
        for name, url in self._addresses.items():
            at = self._now()
            try:
                load = self._browser.load(url, self._headers, self._limit_s)
            except BrowserGoneError as problem:
                return Round(tuple(samples), str(problem))
            samples.append(PageLoaded(name, at, load.seconds, load.fact))
        return Round(tuple(samples))
