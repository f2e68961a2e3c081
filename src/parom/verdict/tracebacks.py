"""From the text of a traceback to its signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parom.verdict.signature import Signature, masked

UNREADABLE = Signature("Traceback", "", "", "")
"""A traceback without a readable end: seen, and not known what."""

_FRAME = re.compile(r'File "([^"\n]+)", line \d+, in ([^\n]+)')
_EXCEPTION = re.compile(r"([A-Za-z_][\w.]*)(?::(?: (.*))?)?$")
_FOREIGN = re.compile(r"(?:^|/)(?:site-packages|dist-packages|lib/python3[^/]*)/|^<")
_RELEASE = re.compile(r"^.*/releases/[^/]+/")
_LIBRARY = re.compile(r"^.*(?:/site-packages|/dist-packages|/lib/python3[^/]*)/")


@dataclass(frozen=True)
class Reading:
    """What must be known to read an application's log."""

    roots: tuple[str, ...] = ()
    """Folders in which its code lay before and lies now: releases, or the installation."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """What must not be kept, wherever it stands."""

    def without_secrets(self, text: str) -> str:
        """Where it has none it stays what it was: a text that can be said in another language."""
        for secret in self.secrets:
            if secret in text:
                text = text.replace(secret, "***")
        return text


def signature_of(frames: str, exception: str, reading: Reading) -> Signature:
    """The signature of a traceback from its lines of frames and its line of the exception."""
    found = _EXCEPTION.match(exception.rstrip())
    if found is None:
        return UNREADABLE
    place, function = _own_frame(frames, reading.roots)
    message = masked(reading.without_secrets(found[2] or ""))
    return Signature(found[1], place, function, message)


def _own_frame(frames: str, roots: tuple[str, ...]) -> tuple[str, str]:
    """(file, function) of the last frame that is the application's own; else the last one."""
    every = _FRAME.findall(frames)
    own = [one for one in every if not _FOREIGN.search(one[0])]
    if own:
        return _stripped(own[-1][0], roots), own[-1][1].strip()
    return (_LIBRARY.sub("", every[-1][0]), every[-1][1].strip()) if every else ("", "")


def _stripped(path: str, roots: tuple[str, ...]) -> str:
    for root in sorted(roots, key=len, reverse=True):
        if path.startswith(root.rstrip("/") + "/"):
            return path[len(root.rstrip("/")) + 1 :]
    return _RELEASE.sub("", path)
