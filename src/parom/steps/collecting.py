"""One look a second at a running release, at everything that the plan wants looked at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self
from urllib.parse import urljoin

from parom.appside.masked import without
from parom.checks.functional import FunctionalChecks
from parom.checks.probe import probe
from parom.checks.result import CheckResult
from parom.checks.target import url_of
from parom.durable import write_atomically
from parom.errors import ParomError
from parom.facts import Probe, Row, ServiceState, ServiceStatus
from parom.steps.checking import headers_of
from parom.steps.expecting import endpoints_of, logs_of, page_limit_s
from parom.steps.known_secrets import secrets_of
from parom.steps.step import Context
from parom.verdict.kept import places_of, row_of, row_of_probe
from parom.verdict.samples import Checked, CheckKind, LogLooked
from parom.verdict.tracebacks import Reading
from parom.watch.browser import PROGRAMS, Browser, find_browser
from parom.watch.log_files import files_of
from parom.watch.log_watch import LogPlace, looked, place_at_end, place_of
from parom.watch.page_rounds import PageRounds
from parom.watch.position import Position
from parom.watch.usage import Usage
from parom.words.said import joined, said

_MOST_READ_BEFORE = 256 << 20
"""Bytes of a log with its older generations: more than a second of reading."""


class Collector:
    """Looks, and keeps what it saw as the rows of one phase: `baseline`, `watch` or `day`.

    What it cannot look at is told as such, or is missing later; nothing of it ends the run.
    """

    def __init__(self, context: Context, phase: str) -> None:
        self._context, self._phase = context, phase
        config = context.installation.config
        self._base = context.installation.gateway.public_url()
        self._headers = headers_of(context)
        self._limit_s = config.watch.probe_limit_s
        self._endpoints = endpoints_of(config)
        self._usage = Usage()
        self._logs = logs_of(context)
        self._places = self._where_to_read_on()
        self._reading = _reading_of(context, self._headers)
        self._pool = ThreadPoolExecutor(max_workers=4)
        self._beside = ThreadPoolExecutor(max_workers=1)
        self._checking: Future[tuple[CheckResult, ...]] | None = None
        self._functional: FunctionalChecks | None = None
        self._pages = self._page_rounds()
        self._pages_told: set[str] = set()
        self._last = 0.0
        """When the last look was: each must be later than the one before (epoch seconds)."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing that goes on beside is waited for: after an alarm the public still has the
        release that is to go."""
        if self._functional is not None:
            self._functional.cut_short()
        if self._pages is not None:
            self._pages.end()
        self._pool.shutdown()
        self._beside.shutdown()

    def look(self, *, loads_pages: bool = True) -> list[Row]:
        """Everything once; kept, and returned for the verdict.

        What takes longer than a look goes on beside it, and comes with a later one.
        `loads_pages`: whether a round of pages may begin.
        """
        if self._pages is not None and loads_pages:
            self._pages.begin_if_due()
        probes = self._pool.map(self._probe, self._endpoints)
        at = self._now()
        services = self._context.installation.services.status()
        rows = [row_of(one) for one in _started(services, at)]
        rows.append(row_of(self._database(at)))
        used = self._usage.look((pid for one in services for pid in one.pids), at)
        if used is not None:
            rows.append(row_of(used))
        rows += self._read_logs(at)
        rows += [row_of_probe(name, answer) for name, answer in probes]
        rows += self._checked(at)
        rows += self._loaded()
        self._context.measurements.add(self._phase, rows)
        return rows

    def begin_checks(self, checks: FunctionalChecks, limit_s: float) -> None:
        """Run functional checks beside the looks; none while earlier ones still run."""
        if self._checking is None:
            self._functional = checks
            self._checking = self._beside.submit(checks.run, self._base, self._headers, limit_s)

    @property
    def is_busy(self) -> bool:
        """Whether something goes on beside the looks that a later one will bring."""
        return self.is_checking or (self._pages is not None and self._pages.is_under_way)

    @property
    def is_checking(self) -> bool:
        return self._checking is not None

    def _now(self) -> float:
        moment = self._context.installation.clock.now().timestamp()
        self._last = max(moment, self._last + 1e-3)
        return self._last

    def _probe(self, name: str) -> tuple[str, Probe]:
        url = urljoin(self._base, name)
        return name, probe(url, headers=self._headers, limit_s=self._limit_s)

    def _database(self, at: float) -> Checked:
        try:
            self._context.installation.database.applied_count()
        except ParomError as problem:
            return Checked(CheckKind.DATABASE, "", at, False, problem.fact)
        return Checked(CheckKind.DATABASE, "", at, True)

    def _read_logs(self, at: float) -> Iterator[Row]:
        for name, file in self._logs.items():
            place = self._places[name]
            try:
                look, after, told = looked(file, name, at, place, self._reading)
            except OSError as problem:
                look, after, told = LogLooked(name, at, unread=str(problem)), place, ()
            for one in told:
                self._context.tell("log", {"name": name, "fact": one})
            self._places[name] = after
            yield row_of(look, after.written() if after != place else "")

    def _checked(self, at: float) -> Iterator[Row]:
        if self._checking is None or not self._checking.done():
            return
        results, self._checking = self._checking.result(), None
        for one in results:
            detail = without(one.detail, self._reading.secrets)
            yield row_of(Checked(CheckKind.FUNCTION, one.name, at, one.passed, detail))

    def _loaded(self) -> Iterator[Row]:
        ended = self._pages.taken() if self._pages is not None else None
        if ended is None:
            return
        for one in ended.samples:
            if one.fact:
                self._tell_of_pages(f"{one.name}: {one.fact}")
            yield row_of(one)
        if ended.trouble:
            self._tell_of_pages(f"the browser: {ended.trouble}")

    def _tell_of_pages(self, fact: str) -> None:
        """Each once: what goes on for hours would fill the journal."""
        if fact not in self._pages_told:
            self._pages_told.add(fact)
            self._context.tell("pages", {"fact": fact})

    def _page_rounds(self) -> PageRounds | None:
        """None where no page is wanted, or there is no browser to load one in. No browser lives
        on a production for a day."""
        config = self._context.installation.config
        if not config.watch.pages or self._phase == "day":
            return None
        program = find_browser()
        if program is None:
            self._context.tell("pages", {"fact": f"no browser here: {', '.join(PROGRAMS)}"})
            return None
        return PageRounds(
            Browser(program),
            {path: url_of(self._base, path) for path in config.watch.pages},
            self._headers,
            every_s=config.watch.pages_every_s,
            limit_s=page_limit_s(config),
        )

    def _where_to_read_on(self) -> dict[str, LogPlace]:
        """After the last look of this phase; before the first, where the phase before left off
        or the new release began."""
        kept = {} if self._phase == "baseline" else _noted(self._context)
        for phase in ("watch", "day") if self._phase == "day" else (self._phase,):
            kept |= places_of(self._context.measurements.rows(phase))
        return {
            name: place_of(kept[name]) if name in kept else self._first_place(file)
            for name, file in self._logs.items()
        }

    def _first_place(self, file: Path) -> LogPlace:
        """A baseline reads what is there already, if it can in a moment: an old error is no
        new one."""
        is_short = sum(one.size for one in files_of(file)) <= _MOST_READ_BEFORE
        return (
            LogPlace(Position()) if self._phase == "baseline" and is_short else place_at_end(file)
        )


def note_ends_of_logs(context: Context) -> None:
    """Before a new release starts: what comes from here on is its own."""
    places = {name: place_at_end(file).written() for name, file in logs_of(context).items()}
    write_atomically(context.folder / "logs.json", json.dumps(places).encode(), 0o600)


def _noted(context: Context) -> dict[str, str]:
    file = context.folder / "logs.json"
    if not file.exists():
        return {}
    return {str(key): str(value) for key, value in json.loads(file.read_text("utf-8")).items()}


def _started(services: tuple[ServiceStatus, ...], at: float) -> Iterator[Checked]:
    for one in services:
        runs = one.state is ServiceState.RUNNING
        yield Checked(CheckKind.START, one.name, at, runs, "" if runs else _seen(one), one.restarts)


def _seen(service: ServiceStatus) -> str:
    state = said("has failed" if service.state is ServiceState.FAILED else "is stopped")
    return joined([state, service.detail], ": ") if service.detail else state


def _reading_of(context: Context, headers: Mapping[str, str]) -> Reading:
    """Where the code lies, and what must not be kept: `headers` are what is sent with each probe,
    and an application may log what it was sent."""
    config, layout = context.installation.config, context.installation.layout
    roots = {str(layout.path_of(one.id)) for one in layout.releases()} | {str(config.project.root)}
    return Reading(tuple(sorted(roots)), secrets_of(config, headers, of_environment=True))
