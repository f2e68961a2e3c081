"""pytest, loaded ahead: `python -m parom.checks.waiting ARGUMENTS`.

It imports what checks need and collects them as far as that may be done ahead (`ahead.py`). Then
it reads its standard input to the end: a JSON object with variables for the environment. An empty
input means that nobody wants the checks any more, or that Parom died.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from pathlib import Path

import httpx
import pytest

from parom.checks import recorder  # noqa: F401 - pytest would import it while the public waits
from parom.checks.ahead import Ahead
from parom.checks.result import COLLECTED_VARIABLE

_TRIAL = Path(__file__).with_name("trial_check.py")


def main(arguments: list[str]) -> int:
    """The exit status of pytest; 1 where there was nothing to do."""
    load()
    # pytest puts an empty file in the place of the input while it captures outputs.
    source, collected = os.dup(sys.stdin.fileno()), Path(os.environ.pop(COLLECTED_VARIABLE))
    return int(pytest.main(arguments, plugins=[Ahead(lambda: _told(source, collected))]))


def _told(source: int, collected: Path) -> dict[str, str]:
    """Ends the process where nobody wants it."""
    collected.touch()
    with os.fdopen(source, "rb") as stream:
        told = stream.read()
    if not told:
        os._exit(1)
    return {str(name): str(value) for name, value in json.loads(told).items()}


def load() -> None:
    """All that pytest and a client import when they are used for the first time, by using them:
    a check of our own that asks nobody.

    What is loaded then stays. Python would look through all of it, several times, at its end,
    and the end is what the public waits for.
    """
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main([
            "-q", "-p", "no:cacheprovider", "-p", "parom.checks.plugin", "-c", os.devnull,
            f"--rootdir={_TRIAL.parent}", f"--confcutdir={_TRIAL.parent}",
            "--import-mode=importlib", str(_TRIAL),
        ])  # fmt: skip
    httpx.Client(verify=False).close()  # noqa: S501 - it asks nobody
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
