"""HR Helper's r2 with one thing wrong, written into a middleware of its own."""

from __future__ import annotations

from pathlib import Path

_MIDDLEWARE = '''
"""One thing is wrong with this release, on purpose."""

import logging
import os
import time

BEGAN = time.monotonic()
log = logging.getLogger("scenario")
held = []


def wrong(get_response):
    def answer(request):
        response = get_response(request)
        {fault}
        return response

    return answer
'''
FAULTS = {
    "good": "pass",
    # HR Helper answers in 10 ms or so; what is added is twice that.
    "slow": "time.sleep(0.03)",
    "new-error": """try:
            raise LookupError("a grade without a rank")
        except LookupError:
            log.exception("grades could not be sorted")""",
    # Up to 700 MB in all workers together; the limit is 512.
    "leak": """if len(held) < 175:
            held.append(os.urandom(2_000_000))""",
    # Right before opening, wrong after a while: only the checks during the watch can see it.
    "broken-function": """if request.method == "POST" and time.monotonic() - BEGAN > 8:
            response.status_code = 409""",
    "dead": """if time.monotonic() - BEGAN > 8:
            os._exit(1)""",
}


def make_wrong(source: Path, name: str) -> None:
    """Change the release at `source` (r2 as `releases.py` builds it)."""
    text = _MIDDLEWARE.replace("{fault}", FAULTS[name])
    (source / "config" / "scenario.py").write_text(text, encoding="utf-8")
    settings = source / "config" / "settings.py"
    settings.write_text(
        settings.read_text("utf-8") + '\nMIDDLEWARE.append("config.scenario.wrong")\n', "utf-8"
    )
