"""Which Python a release wants."""

from __future__ import annotations

import tomllib
from pathlib import Path

OLDEST = (3, 8)
"""What Parom's own script inside the application runs on."""


def wanted_python(release: Path, dependencies: Path, setting: str) -> str:
    """The setting, else `.python-version`, else requires-python; empty where none says.

    Looked for beside the dependencies' file and at the release's top.
    """
    if setting:
        return setting
    folders = dict.fromkeys((dependencies.parent, release))
    for read in (pinned_version, required_version):
        for folder in folders:
            found = read(folder)
            if found:
                return found
    return ""


def pinned_version(folder: Path) -> str:
    """The first line of `.python-version` that says something; pyenv allows several."""
    file = folder / ".python-version"
    if not file.is_file():
        return ""
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return next((line for line in lines if line and not line.startswith("#")), "")


def required_version(folder: Path) -> str:
    """`project.requires-python` of a pyproject.toml that can be read."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return ""
    try:
        project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    except tomllib.TOMLDecodeError:
        return ""  # whatever needs the file says so better than this would
    return str(project.get("requires-python", "")) if isinstance(project, dict) else ""
