"""A Chromium of our own: found, started without a window, and ended with all that it started."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from parom.environment import clean_environment
from parom.scratch import scratch_folder
from parom.watch.devtools import BrowserGoneError, CommandRefusedError, DevTools
from parom.watch.page_load import Load, load_page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_START_LIMIT_S = 20.0
_ENDING_S, _EVERY_S = 3.0, 0.02
_FREE_FROM = 10
"""The browser's pipes have the numbers 3 and 4; ours must be others while they are given on."""
_ARGUMENTS = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    # Nothing but what the page asks for goes over the network.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-pings",
    # A crash must not leave the memory of a page, with what was sent to it, on the disk.
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-gpu",
    # Containers often have 64 MB of /dev/shm.
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--password-store=basic",
)


def find_browser() -> Path | None:
    """The first Chromium on PATH; None where there is none."""
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


@dataclass
class _Running:
    """A browser that was started."""

    pid: int
    devtools: DevTools
    pipes: tuple[int, int]
    profile: tempfile.TemporaryDirectory[str]
    has_ended: bool = False


class Browser:
    """One process, with a profile folder of its own, started at the first page.

    One that is broken is ended, and another one started for the next page. `load` is of one
    thread; `kill` may come from any other, and `load` then raises.
    """

    def __init__(self, program: Path, *, start_limit_s: float = _START_LIMIT_S) -> None:
        self._program, self._start_limit_s = program, start_limit_s
        self._running: _Running | None = None
        self._lock = threading.Lock()
        self._may_start = True

    def load(self, url: str, headers: Mapping[str, str], limit_s: float) -> Load:
        """One page; see `load_page`. Raises BrowserGoneError: nothing is known of the page."""
        try:
            return load_page(self._started(), url, headers, limit_s)
        except BrowserGoneError:
            self._give_up()
            raise

    def try_out(self) -> None:
        """Start it and see it answer. Raises BrowserGoneError."""
        try:
            self._started()
        except BrowserGoneError:
            self._give_up()
            raise

    def kill(self) -> None:
        """End its processes now, for good. May be repeated."""
        with self._lock:
            self._may_start = False
            if self._running is not None:
                _end(self._running)

    def close(self) -> None:
        """End it and remove what it has written; nobody loads a page any more."""
        self.kill()
        self._give_up()

    def _started(self) -> DevTools:
        if self._running is not None:
            return self._running.devtools
        with self._lock:
            if not self._may_start:
                raise BrowserGoneError("it was ended")
            running = self._running = _start(self._program)
        until = time.monotonic() + self._start_limit_s
        try:
            running.devtools.call("Browser.getVersion", {}, until, lambda *_: None)
        except TimeoutError:
            said = f"no answer in {self._start_limit_s:g} s"
            raise BrowserGoneError(f"{self._program} did not start: {said}") from None
        except (BrowserGoneError, CommandRefusedError) as problem:
            last = _last_line(Path(running.profile.name) / "log") or str(problem)
            raise BrowserGoneError(f"{self._program} did not start: {last}") from None
        return running.devtools

    def _give_up(self) -> None:
        with self._lock:
            running, self._running = self._running, None
            if running is None:
                return
            _end(running)
        for pipe in running.pipes:
            os.close(pipe)
        # What was killed may still be about to write; what stays goes with the next run's end.
        with contextlib.suppress(OSError):
            running.profile.cleanup()


def _start(program: Path) -> _Running:
    """Raises BrowserGoneError."""
    profile = scratch_folder("pages")
    folder = Path(profile.name)
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    write, read = os.O_WRONLY | os.O_CREAT, os.O_RDONLY
    try:
        pid = os.posix_spawn(
            program,
            [str(program), *_ARGUMENTS, f"--user-data-dir={folder}", *_sandbox()],
            _environment(folder),
            # A session of its own: what it starts is in its group, and ends with it.
            setsid=True,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, read, 0),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, write, 0),
                (os.POSIX_SPAWN_OPEN, 2, str(folder / "log"), write, 0o600),
                (os.POSIX_SPAWN_DUP2, theirs_in, 3),
                (os.POSIX_SPAWN_DUP2, theirs_out, 4),
            ],
        )
    except OSError as problem:
        os.close(ours_out)
        os.close(ours_in)
        profile.cleanup()
        raise BrowserGoneError(f"{program} cannot be started: {problem.strerror}") from None
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    return _Running(pid, DevTools(ours_out, ours_in), (ours_out, ours_in), profile)


def _pipe() -> tuple[int, int]:
    """Both ends with numbers that do not get in the way, closed in whatever else is started."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _FREE_FROM) for end in ends)
    for end in ends:
        os.close(end)
    return moved[0], moved[1]


def _sandbox() -> tuple[str, ...]:
    """Chromium refuses to run as root with its sandbox."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()


def _environment(folder: Path) -> dict[str, str]:
    """It finds nobody's settings, and writes nothing outside of its folder."""
    places = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_RUNTIME_DIR")}
    kept = {name: value for name, value in clean_environment().items() if name[:4] != "XDG_"}
    return {**kept, **places, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}


def _end(running: _Running) -> None:
    """The whole group, gently first. It is not collected before: its number stays its own."""
    if running.has_ended:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGTERM)
    until, pause = time.monotonic() + _ENDING_S, threading.Event()
    how = os.WEXITED | os.WNOWAIT | os.WNOHANG
    while os.waitid(os.P_PID, running.pid, how) is None and time.monotonic() < until:
        pause.wait(_EVERY_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    os.waitpid(running.pid, 0)
    running.has_ended = True


def _last_line(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:200] if lines else ""
