"""One journal for all tests of a process: Django is configured once, with one file."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from pathlib import Path

from parom.journal.opening import open_journal

STATE = Path(tempfile.mkdtemp(prefix="parom-journal-")) / ".parom"
atexit.register(shutil.rmtree, STATE.parent, ignore_errors=True)
open_journal(STATE)
