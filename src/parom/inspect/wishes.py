"""What the person who asks for a configuration has said about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from parom.words.language import Language

Key = tuple[str, str]
"""A table of parom.toml and a key in it."""


@dataclass(frozen=True)
class Wishes:
    """All paths are absolute."""

    name: str
    config_folder: Path
    root: Path
    vault: Path
    recipients: tuple[str, ...]
    recipients_how: str
    layout: str
    layout_how: str
    language: Language = Language.ENGLISH
    """Of screens and notices, and of the comments in the file itself."""

    @property
    def in_place(self) -> bool:
        return self.layout == "in-place"

    def written(self, path: Path) -> str:
        """A path as the configuration names it: relative to its own folder where that is
        near, since such a file can be moved together with what it describes."""
        relative = os.path.relpath(path, self.config_folder)
        return str(path) if relative.startswith("../..") else relative
