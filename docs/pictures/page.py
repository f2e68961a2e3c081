"""The upper part of a report, as a browser shows it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from parom.watch.browser import find_browser

_WIDTH, _HEIGHT = 1100, 1064
"""Up to the end of the first checklist."""
_LIMIT_S = 60


def draw_page(page: str, picture: Path) -> None:
    """Write `page` (HTML) to `picture` (PNG). Raises RuntimeError where there is no Chromium."""
    browser = find_browser()
    if browser is None:
        raise RuntimeError("the report is drawn by Chromium, and there is none on PATH")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "report.html").write_text(page, "utf-8")
        subprocess.run(
            [
                str(browser),
                "--headless",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                f"--user-data-dir={folder / 'profile'}",
                f"--window-size={_WIDTH},{_HEIGHT}",
                f"--screenshot={picture}",
                # Chromium refuses to run as root with its sandbox.
                *(("--no-sandbox",) if os.geteuid() == 0 else ()),
                (folder / "report.html").as_uri(),
            ],
            check=True,
            timeout=_LIMIT_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
