"""pytest, loaded ahead: `python -m parom.checks.waiting ARGUMENTS`.

It imports what checks need, then reads its standard input to the end: a JSON object with
variables for the environment. An empty input means that nobody wants the checks any more,
or that Parom died.
"""

from __future__ import annotations

import json
import os
import sys

import httpx  # noqa: F401 - what the fixture `api` would import while the public waits
import pytest


def main(arguments: list[str]) -> int:
    """The exit status of pytest; 1 where there was nothing to do."""
    # Not for the version: this is what makes pytest import its own plugins.
    pytest.main(["--version", "-c", os.devnull])
    told = sys.stdin.buffer.read()
    if not told:
        return 1
    os.environ.update(json.loads(told))
    return int(pytest.main(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
