"""What is quoted of an answer."""

from __future__ import annotations

import pytest

from parom.checks.result import told


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"", "HTTP 500"),
        (b'{"error": "no\n  rates"}', 'HTTP 500: {"error": "no rates"}'),
        (
            b"<!doctype html><html><head><title>Server Error (500)</title><style>p {}</style>"
            b"</head><body><!-- why --><h1>Oops &amp; sorry</h1><script>let a = 1 < 2;</script>",
            "HTTP 500: Server Error (500) Oops & sorry",
        ),
        (b"<p>cut off in <b", "HTTP 500: cut off in"),
        (b"<style>never closed", "HTTP 500"),
        (b"plain text with 1 < 2", "HTTP 500: plain text with 1 < 2"),
        (b"\xff\x00binary", "HTTP 500: \ufffdbinary"),
        (b"x" * 1000, "HTTP 500: " + "x" * 200),
    ],
)
def test_a_person_can_read_it(body: bytes, shown: str) -> None:
    """It stands in the reason of a return; nobody reads tags at 3 a.m."""
    assert told(500, "", body) == shown


def test_without_an_answer_the_reason_is_told() -> None:
    """There is no status to lean on."""
    assert told(None, "timed out") == "timed out"
