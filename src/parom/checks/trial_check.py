"""A check that asks nobody. pytest runs it while the public is still served, so that what it
imports and prepares at its first run is there when the real checks come."""

from __future__ import annotations


def test_nobody_is_asked() -> None:
    """It asserts: what looks into assertions is loaded with the first one."""
    asked: list[str] = []
    assert not asked  # noqa: S101 - a check asserts
