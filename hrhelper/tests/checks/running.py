"""Runs the functional checks of a tree as Parom does: in a process, against an address."""

import os
import subprocess
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
LIMIT_S = 300


def run_checks(checks, url, headers):
    """What pytest wrote, with a line for each check and its outcome; and its exit status."""
    told = {
        "PAROM_BASE_URL": url,
        "PAROM_HEADERS_FILE": str(headers),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONPATH": str(TREE),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider",
         "-p", "tests.checks.plugin", "-c", os.devnull, f"--rootdir={checks}",
         f"--confcutdir={checks}", str(checks)],
        cwd=checks, env=os.environ | told, check=False, capture_output=True, text=True,
        timeout=LIMIT_S,
    )  # fmt: skip
    return ran.returncode, ran.stdout
