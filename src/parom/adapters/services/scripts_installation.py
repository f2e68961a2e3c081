"""Where the scripts of an installation are and how they are run."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.services.listening import Address
from parom.adapters.services.outliving import Outliving
from parom.adapters.services.scripts_mark import MARK, Started, mark_for
from parom.appside.envfile import read_env_file
from parom.environment import clean_environment

_SCRIPT_MARGIN_S = 5.0
"""What a stop script may take over the limit that its services have."""


@dataclass(frozen=True)
class ScriptedInstallation:
    """What is known of services that scripts start and stop."""

    running_path: Path
    project_folder: str
    state: Path
    address: Address
    start: tuple[str, ...]
    stop: tuple[str, ...]
    env_file: Path | None
    graceful_s: float
    settings_module: str = ""
    """Empty: the scripts and the application name their own."""

    @property
    def folder(self) -> Path:
        """The folder of manage.py and of the scripts, of the release that is current."""
        return self.running_path / self.project_folder

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def environment(self, what: Started) -> dict[str, str]:
        """A clean environment with the application's own and with the mark."""
        file = self.env_file
        kept = read_env_file(file) if file is not None and file.exists() else {}
        if self.settings_module:
            kept["DJANGO_SETTINGS_MODULE"] = self.settings_module
        return clean_environment({**kept, MARK: mark_for(self.state, what)})

    def run(self, argv: tuple[str, ...], what: Started, log: Path) -> subprocess.Popen[bytes]:
        """Start a script in a session of its own. Raises OSError where it cannot be run.

        Its output goes to a file: services that it leaves behind keep what they inherit open,
        and would hold up whoever waited for the end of a pipe.
        """
        log.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        with log.open("ab") as out:
            return Outliving(
                argv,
                cwd=self.folder,
                env=self.environment(what),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def ask_to_stop(self) -> None:
        """Run the stop script to its end, or end it after the limit.

        What became of it stands in its log; whether anything stopped is for others to see.
        """
        log = self.logs / "stop.log"
        try:
            script = self.run(self.stop, "stopping", log)
        except OSError as problem:
            log.write_text(f"{self.stop[0]} cannot be run: {problem}\n", "utf-8")
            return
        try:
            script.wait(timeout=self.graceful_s + _SCRIPT_MARGIN_S)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(script.pid, signal.SIGKILL)
            script.wait()
