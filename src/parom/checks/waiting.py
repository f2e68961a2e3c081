"""pytest, loaded ahead: `python -m parom.checks.waiting ARGUMENTS CHECKS`.

It imports what checks need, and what those of CHECKS import from outside. Then it reads its
standard input to the end: a JSON object with variables for the environment. An empty input means
that nobody wants the checks any more, or that Parom died.
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
from parom.checks.outside import import_ahead, outside_imports
from parom.checks.result import LOADED_VARIABLE

_TRIAL = Path(__file__).with_name("trial_check.py")


def main(arguments: list[str]) -> int:
    """The exit status of pytest; 1 where there was nothing to do."""
    load(Path(arguments[-1]))
    Path(os.environ.pop(LOADED_VARIABLE)).touch()
    told = sys.stdin.buffer.read()
    if not told:
        return 1
    os.environ.update(json.loads(told))
    return int(pytest.main(arguments))


def load(checks: Path) -> None:
    """All that pytest and a client import when they are used for the first time, by using them:
    a check of our own that asks nobody. And what the checks are about to import.

    What is loaded then stays. Python would look through all of it, several times, at its end,
    and the end is what the public waits for.
    """
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        pytest.main([
            "-q", "-p", "no:cacheprovider", "-p", "parom.checks.plugin", "-c", os.devnull,
            f"--rootdir={_TRIAL.parent}", f"--confcutdir={_TRIAL.parent}",
            "--import-mode=importlib", str(_TRIAL),
        ])  # fmt: skip
    import_ahead(outside_imports(checks))
    httpx.Client(verify=False).close()  # noqa: S501 - it asks nobody
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
