"""Writes a .env with a fresh secret key, readable by its owner alone.

`python make_env.py [FILE] [NAME=VALUE ...]`; a file that is there is not overwritten.
"""

import os
import secrets
import sys
from pathlib import Path


def main() -> None:
    given = sys.argv[1:]
    file = Path(given.pop(0)) if given and "=" not in given[0] else Path(".env")
    lines = [f"HRHELPER_SECRET_KEY={secrets.token_urlsafe(60)}", *given]
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        sys.exit(f"{file} is there already and was not changed.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
