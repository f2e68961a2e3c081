"""The suite on a PostgreSQL of its own: `python -m tests.on_postgresql`, with options of pytest.

Processes that tests start keep the databases that those tests give them.
"""

import os
import secrets
import signal
import subprocess
import sys

from tests.servers.postgresql import postgresql

WHERE = "HRHELPER_TESTS_DATABASE_URL"


def main() -> int:
    # So that the server is stopped, and its folder deleted, also where this is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with postgresql(secrets.token_urlsafe(12)) as server:
        told = os.environ | {WHERE: server.url}
        return subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], env=told).returncode


if __name__ == "__main__":
    sys.exit(main())
