"""What a service is started with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parom.adapters.services import launch
from parom.adapters.services.circus_config import Supervised, render_commands
from parom.adapters.services.command import ServiceCommand

_SAYS = "import os; print(os.environ['DJANGO_SETTINGS_MODULE'], os.environ['OWN'])"


def test_the_settings_that_were_proven_are_those_that_run(tmp_path: Path) -> None:
    """Neither the environment file nor the supervisor's own environment may name others."""
    env_file = tmp_path / "env"
    env_file.write_text("DJANGO_SETTINGS_MODULE=site1.local\nOWN=kept\n")
    what = Supervised(
        bind="127.0.0.1:8000",
        commands=(ServiceCommand("worker", "worker", (sys.executable, "-c", _SAYS)),),
        running_path=tmp_path,
        project_folder="",
        settings_module="site1.settings",
        env_file=env_file,
        logs=tmp_path,
        folder=tmp_path,
        page_dir=None,
        retry_after_s=30,
    )
    what.commands_file.write_text(render_commands(what))
    argv = [sys.executable, "-I", "-S", launch.__file__, str(what.commands_file), "worker"]
    subprocess.run(argv, env={"DJANGO_SETTINGS_MODULE": "site1.other"}, check=True)
    assert (tmp_path / "worker.log").read_text() == "site1.settings kept\n"
