"""Keeps credentials of URLs out of what is shown and kept."""

from __future__ import annotations

import re

_IN_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^/\s@'\"]*@")


def without_credentials(text: str) -> str:
    """The text with `user:password@` of every URL masked.

    The user name goes too: tokens are put there as often as in the password's place.
    """
    return _IN_URL.sub(r"\g<scheme>***@", text)
