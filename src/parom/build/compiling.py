"""Compiles a release's own code ahead, so that no start of a service has to.

Nothing that Parom starts writes bytecode into a release, so without this every start compiled
all of it anew, and while the services are stopped the public waits for that.
"""

from __future__ import annotations

import re
from pathlib import Path

from parom.build.environment import ENVIRONMENT
from parom.ports import Host

_LIMIT_S = 300


def compile_tree(release: Path, host: Host) -> None:
    """With the release's interpreter; its environment was compiled when it was made.

    Python compares the hash of a source before it believes what was compiled of it: times and
    sizes may be the same in two releases. What does not compile is no failure here: a tree may
    hold files that nobody imports, and whoever imports one hears what is wrong with it.
    """
    environment = re.escape(f"{release / ENVIRONMENT}/")
    host.run(
        [
            # Isolated: a module of the project's may have the name of one that this needs.
            *(str(release / ENVIRONMENT / "bin" / "python"), "-I", "-m", "compileall", "-qq"),
            *("--invalidation-mode", "checked-hash", "-x", f"^{environment}", str(release)),
        ],
        cwd=release,
        timeout_s=_LIMIT_S,
    )
