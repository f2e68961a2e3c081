"""The secrets that a configuration names, in every form in which they may be quoted (R-10.3).

Parom quotes others: the application's log, its errors, its checks. What is known to be secret is
masked wherever that is kept or told. A secret that no file of parom.toml holds is not known here;
of a log line, quoted parts, numbers and addresses are masked in any case (verdict/signature.py).
"""

from __future__ import annotations

import base64
import binascii
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, urlsplit

from parom.appside.envfile import read_env_file
from parom.appside.masked import tells_of_a_secret
from parom.checks.headers import read_headers
from parom.config.model import Config
from parom.errors import ParomError

SHORTEST = 6
"""Shorter values are words like `true`, whose masking would only spoil what is told."""
_HARMLESS = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-type", "host", "origin", "referer",
     "user-agent", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
)  # fmt: skip
_BETWEEN_PARTS = re.compile(r"[\s;,\"]+")
_IN_ADDRESS = re.compile(r"[/:@]+")
_HOST = re.compile(r"localhost|[\w-]+(?:\.[\w-]+)+|\d{1,5}")
_LONGEST_FILE = 100_000


def secrets_of(
    config: Config, headers: Mapping[str, str] | None = None, *, of_environment: bool = False
) -> tuple[str, ...]:
    """All that is known, the longest first, so that no part of one is left.

    `headers` are sent beside those of the configuration. `of_environment`: every variable of the
    environment file, not only those whose names tell of a secret.
    """
    found = {
        *_of_environment(config, everything=of_environment),
        *_of_headers(headers or {}),
        *_of_headers(_configured_headers(config)),
        *_of_notices(config),
    }
    forms = {form for one in found if len(one) >= SHORTEST for form in _forms(one)}
    return tuple(sorted(forms, key=lambda one: (-len(one), one)))


def _of_environment(config: Config, *, everything: bool) -> Iterator[str]:
    named = config.release.environment_file
    try:
        variables = read_env_file(config.project.root / named) if named else {}
    except OSError:  # it is not there, or closed: then its values are not known to us
        return
    for name, value in variables.items():
        if everything or tells_of_a_secret(name):
            yield value
        yield from _password_in(value)


def _password_in(value: str) -> Iterator[str]:
    """That of an address such as `postgres://user:password@host/name`."""
    try:
        password = urlsplit(value).password if "://" in value else None
    except ValueError:
        return
    if password:
        yield from (password, unquote(password))


def _configured_headers(config: Config) -> dict[str, str]:
    named = config.checks.headers_file
    try:
        return read_headers(config.project.root / named) if named else {}
    except ParomError:  # whoever needs them says what is wrong
        return {}


def _of_headers(headers: Mapping[str, str]) -> Iterator[str]:
    """Each value, and its parts: a token is quoted without its scheme, a cookie without its
    name."""
    for name, value in headers.items():
        if name.lower() in _HARMLESS:
            continue
        yield value
        scheme, _, rest = value.partition(" ")
        for part in _BETWEEN_PARTS.split(rest if rest and scheme.isalpha() else value):
            yield from (part, part.partition("=")[2])
        if scheme.lower() == "basic":
            yield from _decoded(rest)


def _decoded(credentials: str) -> Iterator[str]:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return
    yield text
    yield text.partition(":")[2]


def _of_notices(config: Config) -> Iterator[str]:
    root, notices = config.project.root, config.notices
    if notices.slack_token_file:
        yield from _lines(root / notices.slack_token_file)
    if notices.urls_file:
        for address in _lines(root / notices.urls_file):
            yield address
            yield from _hidden_in(address)


def _hidden_in(address: str) -> Iterator[str]:
    """Of an address of Apprise what may be a token. The kind of service, hosts, and to whom and
    from whom a mail goes, are none."""
    given = address.partition("://")[2].partition("?")[0]
    credentials, _, place = given.rpartition("@")
    if credentials:
        password = credentials.partition(":")[2]
        yield from (password, unquote(password))
        place = place.partition("/")[2]
    for part in map(unquote, _IN_ADDRESS.split(place)):
        if not _HOST.fullmatch(part):
            yield part


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_FILE).decode("utf-8-sig", "replace")
    except OSError:
        return
    lines = (line.strip() for line in text.splitlines())
    yield from (line for line in lines if line and not line.startswith("#"))


def _forms(secret: str) -> Iterable[str]:
    """As it stands in a text, a URL, JSON, a literal of Python, a page."""
    return (
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        html.escape(secret),
    )
