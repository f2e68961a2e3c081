"""Checks of outside services are left out, and named, where a release is not connected to them.

Left out, and not skipped: Parom takes a skipped check for missing evidence, and rightly so.
That a release says truly whether it is connected is a check of its own, which always runs.
"""

import os
from pathlib import Path

import httpx
import pytest

# Where each service is asked about, and what says that there is a connection.
STATES = {
    "huntflow": ("/api/v1/huntflow/connection/", "is_connected"),
    "gemini": ("/api/v1/gemini/key/", "is_stored"),
    "google": ("/api/v1/google/grant/", "is_connected"),
}
_missing: dict[str, int] = {}


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "service(name): needs a connection with this service")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    needed = {item: mark.args[0] for item in items if (mark := item.get_closest_marker("service"))}
    absent = {name for name in set(needed.values()) if _is_not_connected(name)}
    left_out = [item for item, name in needed.items() if name in absent]
    for item in left_out:
        _missing[needed[item]] = _missing.get(needed[item], 0) + 1
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, count in sorted(_missing.items()):
        terminalreporter.write_line(f"missing: {name} is not connected, {count} left out")


def _is_not_connected(name: str) -> bool:
    """False also where it does not say: then the checks run, and fail."""
    path, word = STATES[name]
    url = os.environ.get("PAROM_BASE_URL", "") + path
    # Loading the system's certificates takes longer than the question, and http needs none.
    verify = not url.startswith("http:")
    try:
        with httpx.Client(headers=_headers(), timeout=30, trust_env=False, verify=verify) as client:
            answer = client.get(url)
            return answer.status_code == httpx.codes.OK and answer.json().get(word) is False
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return False


def _headers() -> dict[str, str]:
    """The `Name: value` lines of the file that the fixture `api` has its headers from."""
    file = os.environ.get("PAROM_HEADERS_FILE", "")
    lines = Path(file).read_text("utf-8").splitlines() if file else []
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}
