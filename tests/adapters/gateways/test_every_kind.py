"""What all kinds of gateways promise to the public."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parom.facts import GatewayState
from tests.adapters.gateways.conftest import Make
from tests.adapters.services.rig import Rig

pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")

KINDS = ["embedded", "scripts", "memory"]
PAGES = [
    # Accept, Accept-Language, content type, language
    ("text/html,*/*;q=0.8", "en-GB,en", "text/html", "en"),
    ("text/html", "ru-RU,ru;q=0.9,en;q=0.5", "text/html", "ru"),
    ("application/json", "ru", "application/json", "ru"),
    ("application/json, text/plain, */*", "", "application/json", "en"),
    ("text/html, application/json", "de", "text/html", "en"),
    ("*/*", "en;q=0.1, ru;q=0.2", "text/html", "ru"),
]


def test_closed_and_open_may_each_be_asked_for_twice(rig: Rig) -> None:
    """After a crash every step may run a second time."""
    assert rig.gateway.state() is GatewayState.OPEN
    rig.start_all()
    rig.gateway.close()
    rig.gateway.close()
    assert rig.gateway.state() is GatewayState.CLOSED
    assert rig.ask().status == 503
    rig.services.stop()
    assert rig.ask().status == 503
    instance = rig.services.start_private()
    rig.gateway.open(instance)
    rig.gateway.open(instance)
    assert rig.gateway.state() is GatewayState.OPEN
    rig.services.start_background()
    rig.services.start_web()
    assert rig.ask().status == 200
    rig.gateway.settle()
    rig.gateway.settle()
    assert rig.gateway.state() is GatewayState.OPEN
    assert rig.ask().status == 200
    assert not set(instance.pids) & rig.services.processes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_speaks_the_visitor_s_form_and_language(kind: str, rig_of: Make) -> None:
    """R-4.1: 503 with Retry-After, JSON where JSON is asked for; R-8.4: Russian and English."""
    rig = rig_of(kind)
    rig.gateway.close()
    for accept, accept_language, content_type, language in PAGES:
        answer = rig.ask({"Accept": accept, "Accept-Language": accept_language})
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "7"
        assert answer.headers["Content-Type"].split(";")[0] == content_type
        assert answer.headers["Content-Language"] == language
        assert answer.headers["Cache-Control"] == "no-store"
        text = answer.body.decode()
        assert ("версию" in text) == (language == "ru")
        if content_type == "application/json":
            assert json.loads(text)["error"]["code"] == "maintenance"
        else:
            assert f'lang="{language}"' in text
    assert rig.ask(method="HEAD").body == b""


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_may_be_the_team_s_own(kind: str, rig_of: Make, tmp_path: Path) -> None:
    """Brandable, for each language and form apart."""
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "maintenance.ru.html").write_text("<h1>Наша страница</h1>")
    (folder / "maintenance.json").write_text('{"ours": true}')
    rig = rig_of(kind, page_dir=folder)
    rig.gateway.close()
    assert "Наша страница" in rig.ask({"Accept-Language": "ru"}).body.decode()
    assert "Наша страница" not in rig.ask({"Accept-Language": "en"}).body.decode()
    assert rig.ask({"Accept": "application/json"}).body == b'{"ours": true}'


def test_held_or_closed_nobody_is_refused(rig: Rig) -> None:
    """Where connections cannot wait, the public sees the page instead."""
    rig.start_all()
    rig.gateway.hold(60)
    if rig.gateway.can_hold:
        assert rig.gateway.state() is GatewayState.HELD
        rig.gateway.close()
    assert rig.gateway.state() is GatewayState.CLOSED
    assert rig.ask().status == 503


def test_closing_outlives_whoever_closed(rig: Rig) -> None:
    """R-13.1: a killed Parom leaves visitors with the page, and the next one knows it."""
    rig.gateway.close()
    rig.anew()
    assert rig.gateway.state() is GatewayState.CLOSED
    assert rig.ask().status == 503
    rig.start_all()
    assert rig.ask().status == 200
