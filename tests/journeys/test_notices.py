"""People are told how a run goes, and a run goes the same whether they can be told or not."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psutil
import pytest

from tests.adapters.notifiers.conftest import secret
from tests.adapters.notifiers.mail_server import Mailbox, receiving
from tests.adapters.notifiers.slack_server import BROKEN, SlackServer, serving
from tests.journeys.conftest import Start
from tests.journeys.seen import get, rows
from tests.journeys.test_two_at_once import at_work
from tests.support.ferry import Ferry, write_project
from tests.support.living import contents_below
from tests.support.ports import free_port
from tests.support.waiting import wait_until

CANARY = "canary5e1fzz"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving(f"xoxb-{CANARY}") as server:
        yield server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with receiving() as box:
        yield box


def with_notices(ferry: Ferry, slack: SlackServer, *urls: str, language: str = "ru") -> None:
    secret(ferry.top / "token", slack.token)
    secret(ferry.top / "urls", *urls)
    text = ferry.config.read_text("utf-8").replace(
        "[project]\n", f'[project]\nlanguage = "{language}"\n'
    )
    ferry.config.write_text(
        f'{text}\n[windows]\ntimezone = "UTC"\nrecommended = []\nreserve = []\navoid = []\n'
        f'[notices]\nslack_token_file = "{ferry.top / "token"}"\nslack_api = "{slack.url}"\n'
        f'urls_file = "{ferry.top / "urls"}"\n',
        "utf-8",
    )


def journal(ferry: Ferry, question: str) -> list[tuple[Any, ...]]:
    uri = f"file:{ferry.root / '.parom' / 'journal.sqlite3'}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=60)) as opened:
        return opened.execute(question).fetchall()


def couriers(ferry: Ferry) -> list[psutil.Process]:
    """Living ones of this installation: each has its log open."""
    found = []
    for one in psutil.process_iter(["name"]):
        try:
            if one.name() == "parom-courier" and any(
                str(ferry.root) in file.path for file in one.open_files()
            ):
                found.append(one)
        except psutil.Error:
            continue
    return found


def delivered(ferry: Ferry) -> None:
    wait_until(lambda: not couriers(ferry), "the courier has delivered all and left")


@contextmanager
def no_courier_after(ferry: Ferry) -> Iterator[None]:
    try:
        yield
    finally:
        for one in couriers(ferry):
            one.kill()


def test_a_deployment_is_told_as_the_team_s_plan_says(
    start: Start, slack: SlackServer, mailbox: Mailbox
) -> None:
    """R-8.1, R-8.2: mails with the four texts, one message in #deployments that is edited, the
    steps in its thread, and nothing in #alerts when all is well."""
    ferry = start()
    with_notices(ferry, slack, mailbox.url(CANARY))
    write_project(ferry.source, 2)
    ran = ferry.parom("deploy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    delivered(ferry)
    before, begun, done = mailbox.subjects()
    assert re.fullmatch(r"Начинаем развертывание миграции в \d\d:\d\d \[notes production\]", before)
    assert begun == "Развертывание началось [notes production]"
    assert done == "Развертывание завершено успешно [notes production]"
    (board,) = slack.main()
    assert board["name"] == "#deployments"
    assert board["text"].startswith("✅ *Развертывание завершено успешно*")
    assert not any(one["reply_broadcast"] for one in slack.thread(board))
    assert slack.texts("#alerts") == []
    kinds = journal(ferry, "SELECT kind, data FROM journal_event WHERE kind LIKE 'notice-%'")
    assert {kind for kind, _ in kinds} == {"notice-delivered"}
    assert ferry.parom("journal", "verify").returncode == 0


@pytest.mark.long
def test_a_failure_is_told_at_once_and_loudly(
    start: Start, slack: SlackServer, mailbox: Mailbox
) -> None:
    """Also to #alerts; and what was said is what happened."""
    ferry = start()
    with_notices(ferry, slack, mailbox.url(CANARY))
    write_project(ferry.source, 2)
    check = ferry.source / "checks" / "test_notes.py"
    check.write_text("def test_two(api):\n    assert False, 'on purpose'\n", "utf-8")
    assert ferry.parom("deploy").returncode == 20
    delivered(ferry)
    assert [one.removesuffix(" [notes production]") for one in mailbox.subjects()][1:] == [
        "Развертывание началось",
        "Развертывание провалено, выполняем rollback",
        "Rollback выполнен: работает прежний релиз",
    ]
    (board, *alerts) = slack.main()
    loud = [one["text"] for one in slack.thread(board) if one["reply_broadcast"]]
    assert [text.splitlines()[0] for text in loud] == [
        "🔴 *Развертывание провалено, выполняем rollback*",
        "⚠️ *Rollback выполнен: работает прежний релиз*",
    ]
    assert [one["name"] for one in alerts] == ["#alerts", "#alerts"]


def test_the_dead_and_the_hanging_change_nothing(start: Start, slack: SlackServer) -> None:
    """R-8.3: the same outcome and the same steps as without them, and every attempt recorded.
    What could not be delivered waits, and arrives when the servers are back."""
    ferry = start()
    write_project(ferry.source, 2)
    without = outline(ferry.events("deploy"))
    assert ferry.parom("rollback").returncode == 0
    before = rows(ferry, "*")
    port = free_port()
    dead = f"mailto://parom:{CANARY}@127.0.0.1:{port}?to=team@example.org&mode=insecure"
    with_notices(ferry, slack, dead)
    slack.hangs = True
    with no_courier_after(ferry):
        write_project(ferry.source, 2, health="pass  # another release")
        assert outline(ferry.events("deploy")) == without
        assert get(ferry, "/health/")["version"] == 2
        assert [row[0] for row in rows(ferry, "id")] == [row[0] for row in before]
        wait_until(lambda: failures(ferry) >= {"Slack #deployments", "address 1"}, "both failed")
        for one in couriers(ferry):
            one.kill()
    delivered(ferry)
    slack.hangs = False
    listed = json.loads(ferry.parom("notices", "list", "--json").stdout)
    assert {one["place"] for one in listed if one["state"] == "waiting"} == {
        "Slack #deployments",
        "address 1",
    }
    sent = ferry.parom("notices", "send")
    assert sent.returncode == 10, sent.stdout + sent.stderr
    assert "address 1" in sent.stderr
    (board,) = slack.main()
    assert "Развертывание завершено успешно" in board["text"]
    assert_canary_nowhere(ferry, sent.stdout + sent.stderr)


def outline(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What happened, without what the couriers did."""
    assert events[-1]["data"]["exit_code"] == 0
    return [(one["kind"], one["step"]) for one in events if not one["kind"].startswith("notice-")]


def failures(ferry: Ferry) -> set[str]:
    found = journal(ferry, "SELECT data FROM journal_event WHERE kind = 'notice-failed'")
    return {str(json.loads(data)["place"]) for (data,) in found}


def assert_canary_nowhere(ferry: Ferry, said: str) -> None:
    """R-10.3: in no file of Parom's, no output, no process's arguments or environment."""
    assert CANARY not in said
    for command in (("report", "--json"), ("history",), ("notices", "list"), ("status",)):
        ran = ferry.parom(*command)
        assert CANARY not in ran.stdout + ran.stderr, command
    for file, content in contents_below(ferry.root / ".parom"):
        assert CANARY.encode() not in content, file
    for one in psutil.process_iter():
        try:
            told = " ".join(one.cmdline()) + str(one.environ())
        except psutil.Error:
            continue
        assert CANARY not in told, one


@pytest.mark.long
def test_an_engine_that_is_gone_is_told_of(
    start: Start, slack: SlackServer, mailbox: Mailbox
) -> None:
    """Nobody else would: whoever followed the run may have left long ago."""
    ferry = start(watch="seconds = 600\nbaseline_s = 0.5\nprobe_every_s = 0.1")
    with_notices(ferry, slack, mailbox.url(CANARY), language="en")
    write_project(ferry.source, 2)
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: at_work(ferry) == "watch.run", "it watches")
    question = "SELECT pid FROM journal_lease"
    engine = psutil.Process(journal(ferry, question)[0][0])
    assert engine.name() == "parom-engine"
    engine.kill()
    delivered(ferry)
    assert mailbox.subjects()[-1].startswith("The deployment was interrupted")
    assert ferry.parom("rollback").returncode == 20
    delivered(ferry)
    assert mailbox.subjects()[-1].startswith("Rolled back: the earlier release runs")
    boards = [one for one in slack.main() if one["name"] == "#deployments"]
    assert len(boards) == 1


def test_without_places_nothing_is_started(
    unchanged: Ferry, slack: SlackServer, mailbox: Mailbox
) -> None:
    """Then `parom notices test` tries those that were written down, and changes nothing."""
    ferry = unchanged
    assert not (ferry.root / ".parom" / "courier.lock").exists()
    assert ferry.parom("notices", "test").returncode == 2
    text = ferry.config.read_text("utf-8")
    try:
        with_notices(ferry, slack, mailbox.url(CANARY))
        tried = ferry.parom("notices", "test")
        assert tried.stdout == "✓ Slack #deployments\n✓ Slack #alerts\n✓ address 1\n"
        assert mailbox.subjects() == ["Проверка уведомлений: ничего не произошло"]
        slack.answers.append(BROKEN)
        failed = ferry.parom("notices", "test")
        assert failed.returncode == 10
        assert "ответ 500" in failed.stdout
        assert CANARY not in failed.stdout + failed.stderr
    finally:
        ferry.config.write_text(text, "utf-8")
