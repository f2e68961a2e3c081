"""A Parom that is killed: run as a program with the project's folder, a record and a log.

Starts a migrator and says `ready`. With `go` as a fourth argument it releases it too, and
so never comes back from that.
"""

from __future__ import annotations

import sys
from pathlib import Path

from parom.adapters.hosts.local import LocalHost
from parom.appside.application import Application


def main() -> None:
    top, record, log = map(Path, sys.argv[1:4])
    application = Application(Path(sys.executable), top, "site1.settings", LocalHost())
    with application.migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(300)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if sys.argv[4:] == ["go"]:
            migrator.go()
        sys.stdin.read()


if __name__ == "__main__":
    main()
