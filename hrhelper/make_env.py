"""Writes a .env with fresh keys, readable by its owner alone.

`python make_env.py [FILE] [NAME=VALUE ...]`; a file that is there is not overwritten.
"""

import base64
import os
import secrets
import sys
from pathlib import Path


def main() -> None:
    given = sys.argv[1:]
    file = Path(given.pop(0)) if given and "=" not in given[0] else Path(".env")
    # 32 bytes in this form are a key of Fernet, which is not installed where this may run.
    credential_key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
    lines = [
        f"HRHELPER_SECRET_KEY={secrets.token_urlsafe(60)}",
        f"HRHELPER_CREDENTIAL_KEYS={credential_key}",
        *given,
    ]
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        sys.exit(f"{file} is there already and was not changed.")
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
