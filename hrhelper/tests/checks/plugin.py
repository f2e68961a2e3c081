"""The fixtures that Parom gives to functional checks: `base_url` and `api`."""

import os
from pathlib import Path

import httpx
import pytest


@pytest.fixture(scope="session")
def base_url():
    return os.environ["PAROM_BASE_URL"]


@pytest.fixture(scope="session")
def api(base_url):
    name, value = Path(os.environ["PAROM_HEADERS_FILE"]).read_text("ascii").strip().split(": ", 1)
    with httpx.Client(
        base_url=base_url, headers={name: value}, timeout=120, trust_env=False
    ) as client:
        yield client
