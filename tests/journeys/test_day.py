"""The day after a deployment is watched, whatever happens to the machine; nothing is disturbed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from parom.day.order import open_order
from parom.day.watcher import watcher_of
from tests.adapters.notifiers.mail_server import Mailbox, receiving
from tests.adapters.notifiers.slack_server import SlackServer, serving
from tests.journeys.conftest import Start
from tests.journeys.seen import get
from tests.journeys.test_notices import CANARY, couriers, delivered, journal, with_notices
from tests.journeys.test_reboot import pull_the_plug
from tests.journeys.test_reports import last_run, left
from tests.support.ferry import Ferry, write_project
from tests.support.living import has_ended
from tests.support.waiting import wait_until

_LONG = "600"
_TRIAL = "60"
"""A look every 0.6 s."""
_FAILS = "import os\n    if os.path.exists({file!r}): raise RuntimeError('on purpose')"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving(f"xoxb-{CANARY}") as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


def deploy_2(ferry: Ferry, **faults: str) -> None:
    write_project(ferry.source, 2, **faults)
    ran = ferry.parom("deploy")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def told(ferry: Ferry, kind: str) -> list[dict[str, Any]]:
    """What events of this kind say, in their order."""
    rows = journal(ferry, f"SELECT data FROM journal_event WHERE kind = '{kind}' ORDER BY number")
    return [json.loads(data) for (data,) in rows]


def looks(ferry: Ferry) -> int:
    ((count,),) = journal(
        ferry, "SELECT count(*) FROM journal_sample WHERE phase = 'day' AND name = '/health/'"
    )
    return int(count)


def watcher(ferry: Ferry) -> psutil.Process:
    found = watcher_of(ferry.root / ".parom")
    assert found is not None
    return found


def looked_on(ferry: Ferry, times: int = 3) -> None:
    seen = looks(ferry)
    wait_until(lambda: looks(ferry) >= seen + times, "it looks on")


@pytest.mark.long
def test_a_quiet_day_is_closed_with_a_digest(
    start: Start, slack: SlackServer, mailbox: Mailbox
) -> None:
    """R-5.6: everything that was seen in one event, the last word to the team, and nothing is
    left that runs."""
    ferry = start()
    with_notices(ferry, slack, mailbox.url(CANARY))
    text = ferry.config.read_text("utf-8")
    ferry.config.write_text(text.replace("day_s = 0", "day_s = 12"), "utf-8")
    deploy_2(ferry)
    wait_until(lambda: bool(told(ferry, "day-over")), "the day is over")
    wait_until(lambda: watcher_of(ferry.root / ".parom") is None, "the process has ended")
    (digest,) = told(ferry, "day-over")
    assert digest["availability"] == 1
    assert digest["requests"] == 2 * looks(ferry) > 10
    assert [one["name"] for one in digest["endpoints"]] == ["/health/", "/notes/"]
    for one in digest["endpoints"]:
        assert 0 < one["median_s"] <= one["p90_s"]
        assert 0 < one["median_before_s"] <= one["p90_before_s"]
    assert digest["errors"] == digest["new_signatures"] == 0
    assert digest["restarts"] == [["web", 0], ["worker", 0]]
    assert digest["memory_most_bytes"] > 10_000_000
    assert digest["alarms"] == digest["missing"] == []
    assert json.loads(ferry.parom("status", "--json").stdout)["day"] is None
    record, page, _ = left(ferry, last_run(ferry))
    assert (record["day"]["state"], record["day"]["digest"]["requests"]) == (
        "over",
        digest["requests"],
    )
    assert "замечаний нет" in page
    last = "✅ *24 часа после развертывания: замечаний нет*"
    wait_until(lambda: slack.main()[0]["text"].startswith(last), "the team is told")
    delivered(ferry)
    assert len(slack.main()) == 1
    assert mailbox.subjects()[-1].startswith("24 часа после развертывания: замечаний нет")
    assert ferry.parom("journal", "verify").returncode == 0
    assert list((ferry.root / ".parom" / "day").glob("*.json")) == []


def test_an_alarm_is_told_and_rolls_nothing_back(
    start: Start, slack: SlackServer, mailbox: Mailbox
) -> None:
    """R-5.6: in #alerts, once; and it looks on. A person takes the release back, and what was
    seen until then is told."""
    ferry = start(day_s=_TRIAL)
    with_notices(ferry, slack, mailbox.url(CANARY))
    sign = ferry.top / "fails"
    deploy_2(ferry, health=_FAILS.format(file=str(sign)))
    looked_on(ferry)
    assert told(ferry, "day-alarm") == []
    sign.touch()
    wait_until(lambda: bool(told(ferry, "day-alarm")), "the alarm")
    looked_on(ferry, 6)
    delivered(ferry)
    endpoints = [one for one in told(ferry, "day-alarm") if one["source"] == "/health/"]
    assert [one["criterion"] for one in endpoints] == ["endpoints unreachable"]
    alerts = slack.texts("#alerts")
    assert alerts
    alarm = "🔴 *Тревога в первые сутки после развертывания: решает человек"
    assert all(text.startswith(alarm) for text in alerts)
    assert get(ferry, "/notes/")["version"] == 2
    sign.unlink()
    process = watcher(ferry)
    ran = ferry.parom("rollback")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert has_ended(process)
    assert get(ferry, "/notes/")["version"] == 1
    wait_until(lambda: bool(told(ferry, "day-ended")), "the digest")
    (digest,) = told(ferry, "day-ended")
    assert digest["failed"] >= 5
    assert digest["alarms"]
    assert open_order(ferry.root / ".parom") is None
    wait_until(lambda: "сводка за первые" in str(slack.texts("#deployments")), "the team is told")
    delivered(ferry)


@pytest.mark.long
def test_it_goes_on_after_a_reboot_and_ends_at_the_same_moment(start: Start) -> None:
    """The end is absolute, and what was seen before counts."""
    ferry = start(day_s=_LONG)
    deploy_2(ferry)
    order = open_order(ferry.root / ".parom")
    looked_on(ferry, 1)
    process = watcher(ferry)
    assert process.name() == "parom-day"
    assert process.nice() > 0
    assert "watched until " in ferry.parom("status").stdout
    assert json.loads(ferry.parom("status", "--json").stdout)["day"]["at_work"] is True
    before = looks(ferry)
    pull_the_plug(ferry)
    assert watcher_of(ferry.root / ".parom") is None
    assert "nobody does" in ferry.parom("status").stdout
    started = ferry.parom("services", "start")
    assert started.returncode == 0, started.stdout + started.stderr
    assert open_order(ferry.root / ".parom") == order
    wait_until(lambda: looks(ferry) > before, "it looks on")
    watcher(ferry).kill()
    wait_until(lambda: watcher_of(ferry.root / ".parom") is None, "it has ended")
    assert ferry.parom("resume").returncode != 0
    assert not has_ended(watcher(ferry))
    ended = ferry.parom("services", "end")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert watcher_of(ferry.root / ".parom") is None
    (digest,) = told(ferry, "day-ended")
    assert "services end" in digest["why"]
    record, page, _ = left(ferry, last_run(ferry))
    assert record["day"]["state"] == "ended"
    assert "It ended before its time" in page
    assert told(ferry, "day-alarm") == []


@pytest.mark.long
def test_a_run_ends_it_first_and_one_that_changes_nothing_has_it_go_on(start: Start) -> None:
    """Nothing of it looks while a run is at work. The release runs on, and so does its day."""
    ferry = start(day_s=_LONG)
    deploy_2(ferry)
    looked_on(ferry, 1)
    order, first = open_order(ferry.root / ".parom"), watcher(ferry)
    write_project(ferry.source, 2, settings="raise RuntimeError('does not load')")
    assert ferry.parom("deploy").returncode == 10
    assert has_ended(first)
    assert open_order(ferry.root / ".parom") == order
    second = watcher(ferry)
    assert told(ferry, "day-ended") == []
    write_project(ferry.source, 2, health="pass  # a third release")
    ran = ferry.parom("deploy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert has_ended(second)
    latest = open_order(ferry.root / ".parom")
    assert latest is not None
    assert order is not None
    assert latest.began > order.began
    wait_until(lambda: len(told(ferry, "day-ended")) == 1, "the first is told")
    looked_on(ferry, 1)
    assert len(psutil.Process(watcher(ferry).pid).parents()) > 0
    assert couriers(ferry) == []


@pytest.mark.long
def test_what_a_person_does_on_purpose_is_no_alarm(start: Start) -> None:
    """Maintenance by hand is not an outage of the release: nobody looks meanwhile."""
    ferry = start(day_s=_TRIAL)
    deploy_2(ferry)
    looked_on(ferry)
    assert ferry.parom("services", "stop").returncode == 0
    seen = looks(ferry)
    assert ferry.parom("services", "start").returncode == 0
    wait_until(lambda: looks(ferry) >= seen + 8, "it looks on")
    assert told(ferry, "day-alarm") == []


@pytest.mark.long
def test_zero_switches_it_off(start: Start) -> None:
    ferry = start(day_s="0")
    deploy_2(ferry)
    assert not (ferry.root / ".parom" / "day").exists()
    assert "watched" not in ferry.parom("status").stdout
