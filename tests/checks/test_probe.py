"""One request against a real server that misbehaves in all the usual ways."""

from __future__ import annotations

import gzip
import socket

import pytest

from parom.checks.probe import LARGEST_BODY, ask, probe
from tests.checks.server import Server, raw, status


def test_an_answer_has_its_times_in_order(server: Server) -> None:
    """They are kept as a series and judged: each must mean what it says."""
    server.answers["/"] = status(200, b"hello")
    answer, body = ask(f"{server.url}/", headers={"X-Token": "t"}, limit_s=60)
    assert (answer.status, answer.error, body, answer.bytes_read) == (200, "", b"hello", 5)
    assert answer.connect_s is not None
    assert answer.first_byte_s is not None
    assert 0 < answer.connect_s < answer.first_byte_s <= answer.total_s
    assert server.seen[0][1]["X-Token"] == "t"


@pytest.mark.parametrize("code", [204, 301, 404, 500, 503])
def test_every_status_is_an_answer_and_no_redirect_is_followed(server: Server, code: int) -> None:
    """A redirect to a login page that answers 200 would hide that nothing works."""
    server.answers["/"] = status(code, Location="/elsewhere")
    assert probe(f"{server.url}/", headers={}, limit_s=60).status == code
    assert [path for path, _ in server.seen] == ["/"]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "then"), [(b"", b""), (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"), (HEAD, b"x")]
)
def test_the_limit_holds_for_the_whole_request(server: Server, first: bytes, then: bytes) -> None:
    """A server that drips keeps every single read short of its limit, and nobody else's."""
    server.answers["/"] = server.slow(first, then, every_s=0.02)
    answer = probe(f"{server.url}/", headers={}, limit_s=0.3)
    assert answer.status is None
    assert answer.error == "no complete answer in 0.3 s"
    assert answer.total_s >= 0.3


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200", HEAD + b"half", b"not http at all\r\n\r\n"])
def test_a_cut_connection_is_no_answer(server: Server, data: bytes) -> None:
    """A half answer with status 200 is what a dying worker leaves."""
    server.answers["/"] = raw(data)
    answer = probe(f"{server.url}/", headers={}, limit_s=60)
    assert answer.status is None
    assert answer.error


def test_a_body_without_end_is_not_read_to_the_end(server: Server) -> None:
    """A check must not fill the memory of the machine that serves."""
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    server.answers["/"] = server.slow(head, b"x" * (1 << 20), every_s=0)
    answer = probe(f"{server.url}/", headers={}, limit_s=60)
    assert answer.error == f"the body is larger than {LARGEST_BODY} bytes"
    assert answer.bytes_read <= LARGEST_BODY + (1 << 20)


def test_a_compressed_body_is_unpacked(server: Server) -> None:
    """Proxies compress whatever they are allowed to."""
    server.answers["/"] = status(200, gzip.compress(b"hello"), Content_Encoding="gzip")
    assert ask(f"{server.url}/", headers={}, limit_s=60)[1] == b"hello"


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://", "ftp://127.0.0.1/", "x:y"])
def test_nobody_there_and_no_address_are_errors_not_exceptions(url: str) -> None:
    """A probe runs once a second for half an hour; it must not end the watch."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        # Bound and not listened on: nobody else can come to be there meanwhile.
        answer = probe(url.format(port=port), headers={}, limit_s=60)
    assert answer.status is None
    assert answer.error


def test_no_proxy_of_the_environment_is_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a proxy answers says nothing of the release."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.answers["/"] = status(200)
    assert probe(f"{server.url}/", headers={}, limit_s=60).status == 200
