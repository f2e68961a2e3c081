"""Every problem of a parom.toml, with its path and line, before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from parom.config.example import example
from parom.config.reading import read
from parom.errors import ExitCode, ParomError

Change = Callable[[str], str]


def _set(key: str, value: str) -> Change:
    """The example with one key set where it stands first."""

    def change(text: str) -> str:
        lines = text.splitlines()
        index = next(i for i, one in enumerate(lines) if one.lstrip("#").startswith(f"{key} = "))
        lines[index] = f"{key} = {value}"
        return "\n".join(lines) + "\n"

    return change


def _line_of(text: str, start: str) -> int:
    return next(n for n, one in enumerate(text.splitlines(), start=1) if one.startswith(start))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("keep", '"5"', "release.keep: must be a whole number"),
        ("keep", "1", "release.keep: must be at least 2"),
        ("collect_static", '"yes"', "release.collect_static: must be true or false"),
        ("graceful_s", "true", "services.graceful_s: must be a number, not true"),
        ("graceful_s", "-1", "services.graceful_s: must be at least 0"),
        ("hold_limit_s", "1e9", "gateway.hold_limit_s: must be at most 86400"),
        ("hold_limit_s", "nan", "gateway.hold_limit_s: "),
        ("bind", '"127.0.0.1:99999"', "services.bind: must be HOST:PORT"),
        ("bind", '"8000"', "services.bind: must be HOST:PORT"),
        ("web", "[]", "services.web: must not be empty"),
        ("web", '"gunicorn wsgi"', "services.web: must be a list in brackets"),
        ("worker", '["celery", ""]', "services.worker.1: must not be empty"),
        ("imports", "[3]", "checks.imports.0: must be a text in quotes, not 3"),
        ("health", '"health"', "checks.health: must be a path on the site"),
        ("openapi", '"http://x/schema"', "checks.openapi: must be a path on the site"),
        ("layout", '"relases"', "project.layout: must be 'releases' or 'in-place'"),
        ("settings", '"config/settings.py"', "project.settings: must be the dotted name"),
        ("name", '"../x"', "project.name: must be 1 to 64 letters"),
        ("root", '""', "project.root: must name a folder"),
        ("manage", '"../manage.py"', "project.manage: must be a path without .."),
        ("manage", '"/srv/manage.py"', "project.manage: must be a relative path"),
        ("shared", '["media/", "../../etc"]', "release.shared.1: must be a path without .."),
        ("media", '["shared/../.."]', "vault.media.0: must be a path without .."),
        ("recipients", "[]", "vault.recipients: must not be empty"),
        ("recipients", '["age1abc"]', "vault.recipients.0: must be an age public key"),
        ("location", '""', "source.location: must not be empty"),
        ("type", '"svn"', "source.type: must be 'git' or 'directory'"),
    ],
)  # fmt: skip
def test_wrong_value_is_named_with_its_line(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    """The person corrects that line and no other."""
    text = example()
    if key == "type":
        text = text.replace('type = "git"', f"type = {value}")
    else:
        text = _set(key, value)(text)
    file = tmp_path / "parom.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParomError) as raised:
        read(file)
    assert raised.value.id == "config.invalid"
    assert raised.value.exit_code == ExitCode.USAGE
    line = _line_of(text, f"{key} = {value}")
    assert f"{file}: line {line}, {said}" in raised.value.fact


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    """One at a time would take as many rounds."""
    text = _set("keep", "1")(_set("bind", '""')(example())) + "[polcy]\nx = 1\n"
    file = tmp_path / "parom.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParomError) as raised:
        read(file)
    assert "has 3 problems" in raised.value.fact
    assert 'polcy: unknown key (did you mean "policy"?)' in raised.value.fact


def test_missing_key_is_named_with_the_line_of_its_table(tmp_path: Path) -> None:
    """Where it belongs is where it is to be written."""
    text = example().replace("\nlocation = ", "\n#location = ")
    file = tmp_path / "parom.toml"
    file.write_text(text, encoding="utf-8")
    line = _line_of(text, "[source]")
    with pytest.raises(ParomError, match=rf"line {line}, source\.location: is required"):
        read(file)


def test_private_key_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """The message goes into terminals and tickets."""
    from parom.adapters.vaults import identity

    key = tmp_path / "key"
    identity.create(key)
    secret = key.read_text("ascii").splitlines()[1]
    file = tmp_path / "parom.toml"
    file.write_text(_set("recipients", f'["{secret}"]')(example()), encoding="utf-8")
    with pytest.raises(ParomError, match="is a private key") as raised:
        read(file)
    assert secret not in str(raised.value)


def test_services_and_gateway_must_fit(tmp_path: Path) -> None:
    """A socket that Parom does not hold cannot keep visitors waiting."""
    file = tmp_path / "parom.toml"
    text = example().replace('#type = "embedded"', 'type = "scripts"', 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ParomError, match='need a gateway of type "flag"'):
        read(file)


def test_a_web_command_without_the_socket_is_refused(tmp_path: Path) -> None:
    """It would listen somewhere else, and the public would find nobody."""
    file = tmp_path / "parom.toml"
    file.write_text(_set("web", '["gunicorn", "wsgi"]')(example()), encoding="utf-8")
    with pytest.raises(ParomError, match=r"services\.web has no \{bind\}"):
        read(file)
