"""The pytest plugin for functional checks: fixtures `base_url` and `api`.

It does nothing unless a test asks for a fixture, and imports nothing heavy before that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parom.checks.result import BASE_URL_VARIABLE, HEADERS_VARIABLE

if TYPE_CHECKING:
    import httpx


@pytest.fixture(scope="session")
def base_url() -> str:
    """The address of the release that is checked."""
    url = os.environ.get(BASE_URL_VARIABLE, "")
    if not url:
        pytest.fail(f"{BASE_URL_VARIABLE} is not set: Parom sets it, or export it to try by hand")
    return url


@pytest.fixture(scope="session")
def api(base_url: str) -> Iterator[httpx.Client]:
    """A client for the release, with the headers of parom.toml and the signed bypass."""
    import httpx

    from parom.checks.headers import read_headers

    file = os.environ.get(HEADERS_VARIABLE, "")
    headers = read_headers(Path(file)) if file else {}
    # Loading the system's certificates takes longer than a check, and http needs none.
    verify = not base_url.startswith("http:")
    with httpx.Client(
        base_url=base_url, headers=headers, timeout=30, trust_env=False, verify=verify
    ) as client:
        yield client
