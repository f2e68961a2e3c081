"""Who sits at the keyboard."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

_LOGIN_UID = Path("/proc/self/loginuid")
_NOBODY_LOGGED_IN = 2**32 - 1


def person() -> str:
    """The user who logged in to this machine, also where they act as another by sudo or su.

    Linux keeps it for the whole session and lets nobody change it (proc(5), `loginuid`). Where
    nobody logged in (a timer, a container), the user that the process runs as. Never what the
    environment says: anybody can set LOGNAME.
    """
    number = _login_uid()
    return _name_of(os.getuid() if number is None else number)


def _login_uid() -> int | None:
    try:
        number = int(_LOGIN_UID.read_text(encoding="ascii"))
    except (OSError, ValueError):  # a kernel without auditing
        return None
    return None if number == _NOBODY_LOGGED_IN else number


def _name_of(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
