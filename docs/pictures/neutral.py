"""What a picture must not tell: where this machine keeps its files, and who sits at it."""

from __future__ import annotations

import re
import socket
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from parom.engine.identity import person
from parom.journal.told import Told

_FOLDER = "/srv"


@dataclass(frozen=True)
class Neutral:
    """Puts neutral names into records before they are drawn; nothing else is changed."""

    top: Path
    """Where the deployment was played."""
    person: str = "olga"

    def told(self, told: Told) -> Told:
        return replace(told, data=self.data(told.data))

    def data(self, value: Any) -> Any:
        """A record of the journal, with the folder and the person replaced."""
        match value:
            case dict():
                return {key: self._of(key, one) for key, one in value.items()}
            case list():
                return [self.data(one) for one in value]
            case str():
                return value.replace(str(self.top), _FOLDER)
        return value

    def _of(self, key: str, value: Any) -> Any:
        return self.person if key == "who" else self.data(value)

    def check(self, drawn: str) -> None:
        """Raises ValueError where a picture tells something of this machine all the same."""
        for folder in (self.top, Path.cwd(), Path.home(), tempfile.gettempdir()):
            if str(folder) in drawn:
                raise ValueError(f"the picture tells of {folder}")
        for name in (person(), socket.gethostname()):
            if re.search(rf"(?<![\w:]){re.escape(name)}\b", drawn):
                raise ValueError(f"the picture tells of {name}")
