"""A real deployment of HR Helper, small and without a load, for the pictures to be of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parom.courier.lock import alone_or_not
from parom.demo.configuration import recipient_of, write_config
from parom.demo.set_up import make_stage, shut_down
from parom.demo.stage import Stage
from tests.adapters.notifiers.mail_server import receiving
from tests.adapters.notifiers.slack_server import serving
from tests.support.waiting import wait_until

_ROWS = 5_000
_TOKEN, _PASSWORD = "xoxb-of-the-pictures", "of-the-pictures"
_PAGE = "/login/"
_NOTICES = """
[notices]
slack_token_file = "{top}/slack"
slack_api = "{slack}"
urls_file = "{top}/mail"
"""


def play(top: Path, hrhelper: Path) -> Path:
    """Install r1, deploy r2; Parom's folder of the installation. All that ran has ended."""
    stage = make_stage(top, hrhelper)
    try:
        stage.build("r1")
        _deploy(stage)
        stage.manage("seed", "--rows", str(_ROWS))
        stage.manage("ensure_api_token", "--username", "checks", "--file", str(stage.headers))
        write_config(stage, recipient_of(stage), checks=True)
        stage.build("r2")
        _deploy_and_tell(stage)
    finally:
        shut_down(stage)
    return stage.root / ".parom"


def _deploy_and_tell(stage: Stage) -> None:
    """With a mail server and a Slack that run here, so that the team is told in earnest."""
    with serving(_TOKEN) as slack, receiving() as mailbox:
        for name, text in (("slack", _TOKEN), ("mail", mailbox.url(_PASSWORD))):
            (stage.top / name).touch(mode=0o600)
            (stage.top / name).write_text(text, "ascii")
        plan = stage.config.read_text("utf-8")
        plan = plan.replace("[watch]\n", f'[watch]\npages = ["{_PAGE}"]\n')
        plan += _NOTICES.format(top=stage.top, slack=slack.url)
        stage.config.write_text(plan, "utf-8")
        _deploy(stage)
        wait_until(lambda: _courier_has_left(stage), "the team is told")


def _deploy(stage: Stage) -> None:
    command = [sys.executable, "-m", "parom.cli.main", "--config", str(stage.config), "deploy"]
    subprocess.run(command, check=True)


def _courier_has_left(stage: Stage) -> bool:
    """It goes when the last letter has arrived and the report says who was told."""
    with alone_or_not(stage.root / ".parom") as nobody_is_there:
        return nobody_is_there
