"""The courier as a process: killed, replaced, late, alone."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.notifiers.conftest import secret
from tests.adapters.notifiers.mail_server import Mailbox, receiving
from tests.adapters.notifiers.slack_server import SlackServer, serving
from tests.support.ferry import Ferry, make_ferry
from tests.support.waiting import wait_until

TOKEN = "xoxb-canary77"
RUN = "20260301T094000-abc123"

_WRITE = """
import json, sys
from pathlib import Path
from parom.journal.opening import open_journal
state, run_id, events = Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
open_journal(state)
from parom.journal.models import Run
from parom.journal.record import RunRecord, create_run
run = Run.objects.filter(id=run_id).first()
if run is None:
    from parom.plan.plan import STEPS_OF, Kind, Plan
    steps = STEPS_OF[Kind.DEPLOY]
    plan = Plan(Kind.DEPLOY, run_id, "production", steps, "r2", "main", from_release="r1")
    run = create_run(run_id, "deploy", "production", "olga", "main", plan.as_record())
record = RunRecord(run)
for kind, step, data in events:
    if kind == "finished":
        record.finish("finished", "deployed", 0, {})
    else:
        record.tell(kind, step, data)
"""
_CARRY = """
import sys
from pathlib import Path
from parom.courier.pace import Pace
from parom.courier.process import main
pace = Pace(every_s=0.05, gap_s=0.05, linger_s=float(sys.argv[3]))
sys.exit(main(Path(sys.argv[1]), sys.argv[2], pace))
"""
_ENGINE = """
import os, sys
from pathlib import Path
from parom.journal.opening import open_journal
state = Path(sys.argv[1])
open_journal(state)
from parom.journal.lease import begin_epoch, take_lock
lock = take_lock(state, "production")
begin_epoch("production", sys.argv[2], "olga", os.getpid())
print("has it", flush=True)
sys.stdin.read()
"""


@dataclass
class Office:
    """An installation with a journal, and couriers of it."""

    ferry: Ferry

    @property
    def state(self) -> Path:
        return self.ferry.root / ".parom"

    def write(self, *events: tuple[str, str, dict[str, Any]], run_id: str = RUN) -> None:
        argv = [sys.executable, "-c", _WRITE, str(self.state), run_id, json.dumps(events)]
        subprocess.run(argv, check=True, timeout=300)

    def courier(self, run_id: str = RUN, linger_s: float = 60) -> subprocess.Popen[bytes]:
        argv = [sys.executable, "-c", _CARRY, str(self.ferry.config), run_id, str(linger_s)]
        return subprocess.Popen(argv)

    @contextmanager
    def at_work(self, run_id: str) -> Iterator[None]:
        """An engine that has done all but leave."""
        argv = [sys.executable, "-c", _ENGINE, str(self.state), run_id]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as engine:
            assert engine.stdout is not None
            assert engine.stdout.readline() == b"has it\n"
            yield
            engine.communicate()

    def told_after(self, run_id: str = RUN) -> dict[str, Any]:
        """What the run's report says of "team told after"."""
        report = json.loads((self.state / "runs" / run_id / "report.json").read_text("utf-8"))
        items = [one for each in report["checklists"] for one in each["items"]]
        return next(one for one in items if one["id"] == "team-told-after")

    def waiting(self) -> int:
        """Letters that have not arrived; -1 where none was written yet."""
        file = self.state / "journal.sqlite3"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as journal:
            (left, all_) = journal.execute(
                "SELECT SUM(delivered_revision < revision), COUNT(*) FROM journal_letter"
            ).fetchone()
        return int(left) if all_ else -1

    def delivered(self) -> list[tuple[str, str]]:
        """(place, title) of what the journal knows as delivered."""
        file = self.state / "journal.sqlite3"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as journal:
            rows = journal.execute(
                "SELECT place, message FROM journal_letter WHERE delivered IS NOT NULL"
                " AND delivered_revision = revision"
            ).fetchall()
        return [(place, json.loads(message)["title"]) for place, message in rows]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving(TOKEN) as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


@pytest.fixture
def office(tmp_path: Path, slack: SlackServer, mailbox: Mailbox) -> Office:
    ferry = make_ferry(tmp_path)
    secret(tmp_path / "token", TOKEN)
    secret(tmp_path / "urls", mailbox.url("canary77"))
    with ferry.config.open("a", encoding="utf-8") as out:
        out.write(
            f'[notices]\nslack_token_file = "{tmp_path / "token"}"\nslack_api = "{slack.url}"\n'
            f'urls_file = "{tmp_path / "urls"}"\n'
        )
    return Office(ferry)


STEPS = ["gates.code", "backup.online", "rehearsal.run", "baseline.measure", "release.record"]
WHOLE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    *(("ok", step, {}) for step in STEPS),
    ("ok", "cutover.await", {}),
    ("intent", "gateway.hold", {}),
    ("budget-overrun", "", {"phase": "cutover", "budget_s": 900, "spent_s": 901}),
    ("finished", "", {}),
)
TITLES = [
    "The deployment has started",
    "The deployment takes longer than planned",
    "The deployment has finished successfully",
]


def ends(courier: subprocess.Popen[bytes]) -> int:
    return courier.wait(timeout=300)


def test_all_is_delivered_and_it_ends(office: Office, slack: SlackServer, mailbox: Mailbox) -> None:
    office.write(*WHOLE)
    assert ends(office.courier()) == 0
    assert [one.partition(" [")[0] for one in mailbox.subjects()][1:] == TITLES
    assert slack.texts("#alerts")[0].startswith("⚠️ *The deployment takes longer")
    (board,) = [one for one in slack.main() if one["name"] == "#deployments"]
    assert len(slack.thread(board)) == 5


@pytest.mark.parametrize("kills_after", [1, 2, 3, 4, 6, 8])
def test_killed_anywhere_it_delivers_nothing_twice_that_is_known_to_be_delivered(
    office: Office, slack: SlackServer, mailbox: Mailbox, kills_after: int
) -> None:
    """SIGKILL when so many messages have arrived. Exactly once is impossible: what arrived and
    was not yet written down arrives again. What was written down does not."""
    office.write(*WHOLE)
    courier = office.courier()
    try:
        wait_until(lambda: len(slack.posts) + len(mailbox.mails) >= kills_after, "so many arrived")
    finally:
        courier.send_signal(signal.SIGKILL)
        courier.wait(timeout=300)
    known = office.delivered()
    assert ends(office.courier()) == 0
    mails = Counter(one.partition(" [")[0] for one in mailbox.subjects())
    posts = Counter(text.partition("*")[2].partition(" [")[0] for text in slack.texts("#alerts"))
    for place, title in known:
        if place == "address 1":
            assert mails[title.partition(" [")[0]] == 1
        if place == "Slack #alerts":
            assert posts[title.partition(" [")[0]] == 1
    assert all(mails[title] in (1, 2) for title in TITLES)
    assert sum(mails.values()) <= 5
    boards = [one for one in slack.main() if one["name"] == "#deployments"]
    assert len(boards) == 1 or not any(place == "Slack #deployments" for place, _ in known)
    assert slack.posts[-1]["text"]


def test_a_newer_courier_takes_over(office: Office, slack: SlackServer) -> None:
    """The one before would keep to a parom.toml that was corrected since."""
    office.write(("ok", "gates.code", {}), ("finished", "", {}))
    token = office.ferry.top / "token"
    secret(token, "xoxb-wrong")
    first = office.courier(linger_s=600)
    other = "20260301T104000-def456"
    try:
        wait_until(lambda: len(slack.calls) >= 1, "the first was refused")
        secret(token, TOKEN)
        office.write(("finished", "", {}), run_id=other)
        second = office.courier(run_id=other, linger_s=1)
        assert ends(first) == 0
        assert ends(second) == 0
    finally:
        first.kill()
        first.wait(timeout=300)


def test_the_report_says_who_was_told(office: Office) -> None:
    """R-11: it was written when the run ended, and nobody had been told of that yet."""
    office.write(*WHOLE)
    assert ends(office.courier()) == 0
    item = office.told_after()
    assert item["mark"] == "done"
    assert set(item["facts"]["places"].split(", ")) == {"Slack #deployments", "address 1"}


def test_a_report_does_not_wait_for_a_place_that_is_dead(office: Office, mailbox: Mailbox) -> None:
    """Who was told by mail was told, whatever becomes of Slack."""
    secret(office.ferry.top / "token", "xoxb-wrong")
    office.write(*WHOLE)
    courier = office.courier(linger_s=600)
    try:
        report = office.state / "runs" / RUN / "report.json"
        wait_until(lambda: len(mailbox.mails) == 4 and report.exists(), "mails are told of")
        wait_until(lambda: office.told_after()["mark"] == "done", "the last one too")
    finally:
        courier.kill()
        courier.wait(timeout=300)


def test_a_report_waits_until_the_engine_has_written_its_own(office: Office) -> None:
    """An engine that ends knows less, and would write last."""
    office.write(*WHOLE)
    with office.at_work(RUN):
        courier = office.courier()
        try:
            wait_until(lambda: office.waiting() == 0, "all is delivered")
            assert courier.poll() is None
            assert not (office.state / "runs" / RUN / "report.json").exists()
        except BaseException:
            courier.kill()
            raise
    assert ends(courier) == 0
    assert office.told_after()["mark"] == "done"


def test_it_leaves_after_its_time_and_says_what_it_leaves(
    office: Office, slack: SlackServer, mailbox: Mailbox
) -> None:
    slack.hangs = True
    office.write(*WHOLE)
    courier = office.courier(linger_s=1)
    assert ends(courier) == 0
    assert len(mailbox.mails) == 4
    file = office.state / "journal.sqlite3"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=60)) as journal:
        (left,) = journal.execute(
            "SELECT data FROM journal_event WHERE kind = 'notice-left'"
        ).fetchone()
    assert json.loads(left)["letters"] >= 6
