"""A folder as a source: its revision is the SHA-256 of its tree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from parom.adapters.sources.placing import checked_subfolder, placed
from parom.errors import source as errors
from parom.facts import SourceRevision
from parom.tree import Tree, copy, exclusion, fingerprint, scan

ALWAYS_LEFT_OUT = (
    *(".git", ".hg", ".svn", ".parom*", ".venv", "venv", "node_modules"),
    *("__pycache__", "*.pyc", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".DS_Store"),
)


class DirectorySource:
    """Takes the folder `path/subfolder` without what `exclude` leaves out.

    Patterns of names fit at any depth, patterns with a slash from the top. Virtual
    environments are left out under any name. `ref` says nothing: a folder has one state.
    """

    def __init__(self, path: Path, subfolder: str = "", exclude: Sequence[str] = ()) -> None:
        """Raises `source.bad-subfolder`."""
        self._top = path / checked_subfolder(subfolder)
        self._excluded = exclusion((*ALWAYS_LEFT_OUT, *exclude))

    def resolve(self, ref: str) -> SourceRevision:  # noqa: ARG002
        """Fix the folder's state. Raises `source.no-folder`."""
        if not self._top.is_dir():
            raise errors.no_folder(str(self._top))
        revision = fingerprint(self._tree())
        return SourceRevision(str(self._top), revision, revision[:7])

    def fetch(self, revision: SourceRevision, destination: Path) -> None:
        """Copy the tree. Raises `source.changed` where it is not the one that was resolved."""
        with placed(destination) as partial:
            tree = self._tree()
            try:
                copy(self._top, tree, partial)
            except FileNotFoundError as gone:
                raise errors.changed_meanwhile(str(self._top)) from gone
            if fingerprint(scan(partial, lambda _path: False)) != revision.revision:
                raise errors.changed_meanwhile(str(self._top))

    def _tree(self) -> Tree:
        def left_out(path: PurePosixPath) -> bool:
            return self._excluded(path) or (self._top / path / "pyvenv.cfg").is_file()

        return scan(self._top, left_out)
