"""A production of HR Helper r1, made once; each scenario gets it as it was."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parom.demo.configuration import recipient_of, write_config
from parom.demo.set_up import make_stage, shut_down
from parom.demo.stage import Stage
from parom.watch.browser import find_browser
from tests.scenarios.releases import make_wrong

HRHELPER = Path(__file__).parents[2] / "hrhelper"
_WATCH = """
[watch]
baseline_s = 15
seconds = 60
day_s = 0
grace_s = 5
probe_every_s = 0.5
functional_every_s = 10
short = true
logs = ["shared/logs/django.log"]
"""
_PAGES = 'pages = ["/admin/login/"]\npages_every_s = 20\n'
"""Where there is a browser: without one no watch would pass, as it should not."""


@dataclass
class Production:
    """What runs, and how to deploy to it."""

    stage: Stage

    def deploy(
        self, name: str, *, more: str = "", log: str = "shared/logs/django.log"
    ) -> list[dict[str, Any]]:
        """Take r2, with one thing wrong, over; the run's events. `more` is added to parom.toml,
        `log` is the one that is followed."""
        text = self.stage.config.read_text("utf-8")
        self.stage.build("r2")
        make_wrong(self.stage.source, name)
        changed = text.replace("shared/logs/django.log", log) + more
        self.stage.config.write_text(changed, "utf-8")
        try:
            return self.events("deploy", "--json")
        finally:
            self.stage.config.write_text(text, "utf-8")

    def events(self, *arguments: str) -> list[dict[str, Any]]:
        ran = self.parom(*arguments)
        return [json.loads(line) for line in ran.stdout.splitlines()]

    def parom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "parom.cli.main", "--config", str(self.stage.config)]
        return subprocess.run([*argv, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    """r1 with a thousand rows, its checks, and a watch of a minute."""
    stage = make_stage(tmp_path_factory.mktemp("scenarios") / "top", HRHELPER)
    production = Production(stage)
    try:
        stage.build("r1")
        assert production.parom("deploy").returncode == 0
        stage.manage("seed", "--rows", "1000")
        stage.manage("ensure_api_token", "--username", "checks", "--file", str(stage.headers))
        write_config(stage, recipient_of(stage), checks=True)
        text = stage.config.read_text("utf-8").partition("# Short, so that")[0]
        pages = _PAGES if find_browser() else ""
        stage.config.write_text(text + _WATCH + pages, "utf-8")
        yield production
    finally:
        shut_down(stage)


@pytest.fixture
def production(made: Production) -> Iterator[Production]:
    """r1 runs before each scenario; what a good or held one left is taken back."""
    yield made
    made.parom("services", "start")
    made.parom("rollback")
