"""A real browser where there is one, and programs that only look like one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parom.watch.browser import PROGRAMS, find_browser

needs_browser = pytest.mark.skipif(
    find_browser() is None, reason=f"none of {', '.join(PROGRAMS)} is on PATH"
)

SILENT = "import threading; threading.Event().wait()"
"""Never answers, and reads nothing."""
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SILENT
BABBLING = r"import os; os.write(4, b'<html>\0'); " + SILENT
ENDING = "import sys; sys.exit('no usable sandbox')"
ONCE = r"""
import json, os
def number():
    text = b""
    while b"\0" not in text:
        text += os.read(3, 1)
    return json.loads(text[:-1])["id"]
os.write(4, json.dumps({"id": number(), "result": {}}).encode() + b"\0")
"""
HANGING = ONCE + SILENT
"""Says that it is there, and then nothing."""


def fake(folder: Path, code: str) -> Path:
    """A program that runs `code` with the pipes 3 and 4."""
    program = folder / "chromium"
    program.write_text(f"#!{sys.executable}\n{code}\n", "utf-8")
    program.chmod(0o755)
    return program
