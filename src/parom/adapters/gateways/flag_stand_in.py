"""Starts and ends the stand-in: visitors get a 503 where nothing else would listen."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from parom.adapters.services.listening import Address, answers_at, is_free
from parom.adapters.services.outliving import Outliving
from parom.adapters.services.processes import end_all, marked, tail_of
from parom.adapters.services.scripts_mark import MARK, mark_for
from parom.environment import clean_environment
from parom.errors import gateway as errors
from parom.errors import services as services_errors
from parom.words.said import said

_START_LIMIT_S, _EVERY_S, _END_LIMIT_S = 15.0, 0.02, 5.0


@dataclass(frozen=True)
class StandIn:
    """`wanted` is False where a proxy in front shows the page itself."""

    address: Address
    state: Path
    page_dir: Path | None
    retry_after_s: int
    wanted: bool = True

    def take_place(self) -> None:
        """Listen, unless somebody does: the application itself shows the page then."""
        if not self.wanted or self.processes() or not is_free(self.address):
            return
        log = self.state / "logs" / "stand-in.log"
        log.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with log.open("ab") as out:
            process = Outliving(
                self._argv(),
                # No folder of the installation: it must not look like one of its processes.
                cwd="/",
                env=clean_environment({MARK: mark_for(self.state, "stand-in")}),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_LIMIT_S
        while not answers_at(self.address):
            if process.poll() is not None or time.monotonic() > deadline:
                why = said("the stand-in ended: {log}", log=tail_of(log))
                raise errors.no_answer("closed", why)
            time.sleep(_EVERY_S)

    def leave(self) -> None:
        """End it, also one that a killed Parom started; absent is fine."""
        left = end_all(self.processes(), graceful_s=_END_LIMIT_S)
        if left:
            raise services_errors.still_running(left)

    def processes(self) -> tuple[psutil.Process, ...]:
        return marked(MARK, mark_for(self.state, "stand-in"))

    def _argv(self) -> list[str]:
        argv = [sys.executable, "-m", "parom.adapters.gateways.flag_server"]
        argv += [self.address.host, str(self.address.port)]
        argv += ["--retry-after", str(self.retry_after_s)]
        return [*argv, "--page", str(self.page_dir)] if self.page_dir else argv
