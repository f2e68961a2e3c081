"""R-4.8: healthy before the public comes in."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

from parom.checks.health import wait_until_healthy
from tests.checks.server import Server, status


def test_a_release_that_becomes_healthy_passes(server: Server) -> None:
    """Caches warm up; what counts is that it turns green in time."""

    def warming(request: BaseHTTPRequestHandler) -> None:
        status(200 if len(server.seen) > 2 else 503)(request)

    server.answers["/livez"] = warming
    result = wait_until_healthy(server.url, "/livez", {"X-Bypass": "b"}, 30)
    assert result.passed
    assert len(server.seen) == 3
    assert server.seen[0][1]["X-Bypass"] == "b"


def test_one_that_never_does_fails_with_its_last_answer(server: Server) -> None:
    """The health page names the part that is ill: that is what the reader needs."""
    server.answers["/livez"] = status(503, b'{"database": "ok",\n "broker": "refused"}')
    result = wait_until_healthy(server.url, "/livez", {}, 0.3)
    assert not result.passed
    assert 'HTTP 503: {"database": "ok", "broker": "refused"}' in result.detail


def test_a_redirect_is_not_health(server: Server) -> None:
    """A login page behind a redirect is there whether or not the application works."""
    server.answers["/livez"] = status(302, Location="/login")
    assert not wait_until_healthy(server.url, "/livez", {}, 0.2).passed


def test_one_that_hangs_fails_at_the_limit(server: Server) -> None:
    """A worker that accepts and never answers must not hold the cutover."""
    server.answers["/livez"] = server.slow(b"", b"", every_s=0.05)
    result = wait_until_healthy(server.url, "/livez", {}, 0.3)
    assert not result.passed
    assert "no complete answer" in result.detail
