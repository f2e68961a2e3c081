"""Keeps credentials of URLs and of command lines out of what is shown and kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

_PATH = re.compile(r"[\w.+~/-]*/[\w.+~/-]*")
_PROGRAM = re.compile(r"[\w.+~/-]+\.(?:py|sh|js|jar|ini|cfg|conf|toml)")
_MODULE, _OPTION = re.compile(r"[\w.]+"), re.compile(r"-[A-Za-z]|--[a-z][a-z-]*")
_LONGEST = 200
_IN_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*://)[^/\s@'\"]*@")


def without_credentials(text: str) -> str:
    """The text with `user:password@` of every URL masked.

    The user name goes too: tokens are put there as often as in the password's place.
    """
    return _IN_URL.sub(r"\g<scheme>***@", text)


def shown_command(argv: Sequence[str]) -> str:
    """A command line as far as it surely holds no secret: the program, options without their
    values, and the paths and the module that say what it runs. The rest is `...`.

    Anybody's command may have a password as an argument, and where it stands is known to
    the program alone.
    """
    shown = list(argv[:1])
    for before, one in pairwise(argv):
        known = (
            _MODULE.fullmatch(one)
            if before == "-m"
            else _OPTION.fullmatch(one)
            or _PROGRAM.fullmatch(one)
            or (not before.startswith("-") and _PATH.fullmatch(one))
        )
        if not known:
            shown.append("...")
            break
        shown.append(one)
    return without_credentials(" ".join(shown))[:_LONGEST]
