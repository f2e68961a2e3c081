"""R-10.3: whatever parom.toml names as secret is known in each form in which it is quoted."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from parom.appside.masked import without
from parom.config.model import Config
from parom.config.reading import read
from parom.steps.known_secrets import secrets_of
from tests.support.ferry import make_ferry

TOKEN = "canary=token/+=\"'<&>"
FILES = {
    "env": (
        "DJANGO_SETTINGS_MODULE=notes.settings\nSECRET_KEY=canary-key\nNAME=olga-and-others\n"
        "STORE=postgres://notes:canary%2Fstore@127.0.0.1/notes\nAUTH_ON=true\n"
    ),
    "headers": (
        "Authorization: Token canary-header\n"
        "Cookie: sessionid=canary-session; csrftoken=canary-csrf\n"
        f"X-Odd: {TOKEN}\nAccept: application/json\nHost: notes.example.org\n"
    ),
    "slack": "# the team's\nxoxb-canary-slack\n",
    "urls": "mailtos://parom:canary-mail@mail.example.org?to=team@example.org\n"
    "tgram://123456:canary-bot/123456789/\n",
}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    ferry = make_ferry(tmp_path / "ferry")
    for name, text in FILES.items():
        (ferry.top / name).write_text(text, "utf-8")
        (ferry.top / name).chmod(0o600)
    text = ferry.config.read_text("utf-8")
    text = text.replace("[release]\n", f'[release]\nenvironment_file = "{ferry.top / "env"}"\n')
    text = text.replace("[checks]\n", f'[checks]\nheaders_file = "{ferry.top / "headers"}"\n')
    text += (
        f'\n[notices]\nslack_token_file = "{ferry.top / "slack"}"\n'
        f'urls_file = "{ferry.top / "urls"}"\n'
    )
    ferry.config.write_text(text, "utf-8")
    return read(ferry.config)


@pytest.mark.parametrize(
    "secret",
    [
        "canary-key",
        "canary/store",
        "canary%2Fstore",
        "canary-header",
        "canary-session",
        "canary-csrf",
        TOKEN,
        quote(TOKEN, safe=""),
        quote_plus(TOKEN),
        json.dumps(TOKEN),
        repr(TOKEN),
        "xoxb-canary-slack",
        "canary-mail",
        "canary-bot",
        "canary-bypass",
        "canary-proxy",
    ],
)
def test_no_form_of_a_secret_is_left(secret: str, config: Config) -> None:
    """In a header, a URL, JSON, a literal, an address."""
    proxy = base64.b64encode(b"olga:canary-proxy").decode()
    known = secrets_of(
        config, {"X-Parom": "canary-bypass", "Proxy-Authorization": f"Basic {proxy}"}
    )
    text = f"GET /x?token={secret}&page=1: LookupError({secret})"
    assert "canary" in text
    assert "canary" not in without(text, known)
    assert proxy not in without(f"sent {proxy}", known)


@pytest.mark.parametrize(
    "text",
    [
        "notes.settings has no value for it",
        "olga-and-others came",
        "is it true?",
        "wants application/json from notes.example.org",
        "Token, Basic: sessionid, team@example.org at mail.example.org, mailtos",
    ],
)
def test_what_is_no_secret_stays_readable(text: str, config: Config) -> None:
    """It is what whoever reads an error needs."""
    assert without(text, secrets_of(config)) == text


def test_a_log_may_quote_no_variable_at_all(config: Config) -> None:
    """What its name does not tell, an application may still have put there."""
    known = secrets_of(config, of_environment=True)
    assert without("olga-and-others came", known) == "*** came"


def test_files_that_are_not_there_hide_nothing_and_stop_nothing(config: Config) -> None:
    for name in FILES:
        (config.project.root.parent / name).unlink()
    assert without("canary-key", secrets_of(config)) == "canary-key"
