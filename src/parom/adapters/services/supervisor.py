"""One circusd: it holds the public socket, outlives Parom, and starts what it is told to.

Its configuration always describes what should run, so that one that died or was rebooted
comes up right. Its children carry a mark in their environment; if it dies by SIGKILL, they
are found by the mark and ended before a new one takes the socket.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from parom.adapters.services.circus_config import (
    DOORMAN,
    MARK,
    Supervised,
    bind_in,
    render,
    render_commands,
)
from parom.adapters.services.circusd import circusd_of, client_of
from parom.adapters.services.command import ServiceCommand
from parom.adapters.services.place import is_copy, settle
from parom.adapters.services.processes import ask_to_end, end_all, listening_on, marked, tail_of
from parom.birth import living, read_birth, write_birth
from parom.durable import write_atomically
from parom.ends import have_ended
from parom.environment import clean_environment
from parom.errors import services as errors
from parom.words.said import said

_START_LIMIT_S, _CALL_LIMIT_S, _EVERY_S = 30.0, 10.0, 0.02
_BUSY, _BUSY_EVERY_S = "already running", 0.02
"""What circusd answers while it stops or starts something for somebody else."""
_ASKED_TO_END, _ASKED_EVERY_S = 20, 0.5
"""It forgets a SIGTERM that comes while it does something else: it is asked again."""
_RECORDS = ("process.json", "doorman.json", "door.json", "wanted.json", "mark")
"""What a copy of an installation must not take from the original."""


class EmbeddedSupervisor:
    """The supervisor of one installation; `state` is Parom's folder there.

    `silence_s` is how long one that lives may not answer before nobody waits any more.
    """

    def __init__(
        self,
        *,
        state: Path,
        bind: str,
        commands: tuple[ServiceCommand, ...],
        running_path: Path,
        project_folder: str,
        env_file: Path | None,
        logs: Path,
        settings_module: str = "",
        page_dir: Path | None = None,
        retry_after_s: int = 30,
        silence_s: float = 30,
    ) -> None:
        self.folder = state / "supervisor"
        self._silence_s = silence_s
        self._synced = b""  # what another process wrote may not be on disk yet
        self.what = Supervised(
            bind=bind,
            commands=commands,
            running_path=running_path,
            project_folder=project_folder,
            settings_module=settings_module,
            env_file=env_file,
            logs=logs,
            folder=self.folder,
            page_dir=page_dir,
            retry_after_s=retry_after_s,
        )

    def ensure(self) -> None:
        """Have it running with the configuration of now. Raises `services.port-taken`."""
        self._settle()
        self.what.logs.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._write_commands()
        if self.is_alive():
            if self._write_configuration():
                self.call("reloadconfig", waiting=True)
            return
        self._end_orphans()
        self._write_configuration()
        self._start()

    def is_alive(self) -> bool:
        """Whether it runs. Raises `services.supervisor-stuck` where it does and is silent for
        long: what it supervises must not be ended as if it were dead."""
        deadline = time.monotonic() + self._silence_s
        while True:
            recorded = self._recorded()
            process = recorded or circusd_of(self._configuration)
            if process is None:
                return False
            if recorded and self._answers():
                return True
            if not recorded and self._has_started():
                write_birth(self.folder / "process.json", process.pid)
                return True
            if time.monotonic() > deadline:
                raise errors.supervisor_stuck(process.pid, self._silence_s, self._log_tail())

    def want(self, names: frozenset[str]) -> None:
        """Remember which services are to run, for a supervisor that starts anew."""
        self._settle()
        write_atomically(self.folder / "wanted.json", json.dumps(sorted(names)).encode(), 0o600)
        if self._configuration.exists():
            self._write_configuration()

    def wanted(self) -> frozenset[str]:
        if is_copy(self.folder):
            return frozenset()
        try:
            return frozenset(json.loads((self.folder / "wanted.json").read_text("utf-8")))
        except FileNotFoundError:
            return frozenset()

    def call(
        self, command: str, *, limit_s: float = _CALL_LIMIT_S, **options: Any
    ) -> dict[str, Any]:
        """Ask circusd, which does one thing at a time: what an engine that was killed had asked
        for is waited for, as long as services may take to stop.

        Raises `services.supervisor-silent`.
        """
        from circus.exc import CallError

        longest = max((one.graceful_s for one in self.what.commands), default=0.0)
        deadline = time.monotonic() + limit_s + longest
        while True:
            try:
                with client_of(self.folder, limit_s) as client:
                    answer: dict[str, Any] = client.send_message(command, **options)
            except (CallError, OSError) as problem:
                raise errors.supervisor_silent(str(problem), self._log_tail()) from None
            if answer.get("status") != "error":
                return answer
            reason = str(answer.get("reason"))
            if _BUSY not in reason or time.monotonic() > deadline:
                raise errors.supervisor_silent(reason, self._log_tail())
            time.sleep(_BUSY_EVERY_S)

    def watchers(self) -> tuple[str, ...]:
        """What circusd watches over, the doorman among it: parom.toml may say otherwise by now."""
        return tuple(self.call("list")["watchers"])

    def stop(self, names: Sequence[str], *, limit_s: float) -> None:
        """Stop watchers side by side, and wait until their processes have ended.

        circusd looks for that every tenth of a second only, and the public waits: so they are
        watched from here. What it has yet to do for itself, the next command waits for.
        """
        # `simple` takes one name alone, and circusd refuses a second stop during the first.
        pattern = f"(?:{'|'.join(re.escape(name.lower()) for name in names)})$"
        self.call("stop", name=pattern, match="regex", limit_s=limit_s)
        pids = [pid for name in names for pid in self.main_pids(name)]
        if not (have_ended(pids, limit_s) and self._starts_none_of(names)):
            self.call("stop", name=pattern, match="regex", waiting=True, limit_s=limit_s)

    def _starts_none_of(self, names: Sequence[str]) -> bool:
        """Whether circusd is stopping them too, so that it starts none of them anew."""
        found = self.call("status").get("statuses", {})
        return all(found.get(name) in ("stopping", "stopped") for name in names)

    def main_pids(self, name: str) -> tuple[int, ...]:
        """The pids of one watcher's own processes."""
        return tuple(self.call("list", name=name).get("pids", ()))

    def marked(self) -> tuple[psutil.Process, ...]:
        """Every living process that it ever started, with all that those started."""
        file = self.folder / "mark"
        if is_copy(self.folder) or not file.exists():
            return ()
        return marked(MARK, file.read_text("utf-8"))

    def private_port(self) -> int:
        """The loopback port of the private socket."""
        for one in self.call("listsockets")["sockets"]:
            if one["name"] == "private":
                return int(one["port"])
        raise errors.supervisor_silent(said("it has no private socket"), self._log_tail())

    def shutdown(self) -> None:
        """End it with everything that it started; absent is fine."""
        process = self._recorded() or circusd_of(self._configuration)
        if process is not None:
            for _ in range(_ASKED_TO_END):
                if not ask_to_end([process], _ASKED_EVERY_S):
                    break
            end_all([process], graceful_s=0)
        self._end_orphans()

    def refuse_taken_address(self) -> None:
        """Raises `services.port-taken` where the public socket could not be opened, and
        `services.other-bind` where it is open at another address: circus cannot move it."""
        if self.is_alive():
            held = bind_in(self._configuration)
            if held != self.what.bind:
                raise errors.other_bind(held, self.what.bind)
            return
        host, _, port = self.what.bind.rpartition(":")
        holder = listening_on(host.strip("[]"), int(port))
        ours = {one.pid for one in self.marked()}  # of a supervisor that was killed
        if holder is not None and holder.pid not in ours:
            raise errors.port_taken(self.what.bind, holder)

    def _start(self) -> None:
        self.refuse_taken_address()
        with (self.what.logs / "supervisor.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "circus.circusd", str(self._configuration)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=clean_environment(),
                start_new_session=True,
            )
        write_birth(self.folder / "process.json", process.pid)
        deadline = time.monotonic() + _START_LIMIT_S
        while not self._has_started():
            if process.poll() is not None or time.monotonic() > deadline:
                raise errors.supervisor_silent(said("it ended at its start"), self._log_tail())
            time.sleep(_EVERY_S)

    def _has_started(self) -> bool:
        """It answers before all that starts with it has started; who asks it to start one of
        those meanwhile gets two."""
        if not self._answers():
            return False
        found = self.call("status").get("statuses", {})
        return all(found.get(name) == "active" for name in (*self.wanted(), DOORMAN))

    def _answers(self) -> bool:
        from circus.exc import CallError

        try:
            with client_of(self.folder, 1) as client:
                return bool(client.send_message("numwatchers"))
        except CallError:
            return False

    def _recorded(self) -> psutil.Process | None:
        """The one on record; none where the record is of an installation that was copied."""
        birth = read_birth(self.folder / "process.json")
        return living(birth) if birth and not is_copy(self.folder) else None

    @property
    def _configuration(self) -> Path:
        return self.folder.resolve() / "circus.ini"

    def _settle(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settle(self.folder, _RECORDS)

    def _end_orphans(self) -> None:
        left = end_all(self.marked(), graceful_s=5)
        if left:
            raise errors.still_running(left)

    def _write_commands(self) -> None:
        """Once: a second time it would only keep the public waiting for the disk."""
        file, text = self.what.commands_file, render_commands(self.what).encode()
        if self._synced != text or not file.exists() or file.read_bytes() != text:
            write_atomically(file, text, 0o600)
            self._synced = text

    def _write_configuration(self) -> bool:
        """Whether what it supervises differs from what was written before (not who starts)."""
        file = self._configuration
        wanted = self.wanted()
        text = render(self.what, self._mark(), wanted)
        before = file.read_text("utf-8") if file.exists() else ""
        if before == text:
            return False
        write_atomically(file, text.encode(), 0o600)
        return _without_autostart(before) != _without_autostart(text)

    def _mark(self) -> str:
        file = self.folder / "mark"
        if not file.exists():
            write_atomically(file, secrets.token_hex(16).encode(), 0o600)
        return file.read_text("utf-8")

    def _log_tail(self) -> str:
        return tail_of(self.what.logs / "supervisor.log", self.what.env_file)


def _without_autostart(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("autostart")]
