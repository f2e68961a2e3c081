"""What lies around a project: scripts, environment files, the git repository."""

from __future__ import annotations

import configparser
import re
from dataclasses import dataclass
from pathlib import Path

from parom.inspect.found import Found, text_of
from parom.words.said import said

_START = ("start_services.sh", "start.sh", "bin/start.sh", "scripts/start_services.sh")
_STOP = ("stop_services.sh", "stop.sh", "bin/stop.sh", "scripts/stop_services.sh")
_SAMPLES = (".example", ".sample", ".template", ".dist", ".maintenance")
_USER_IN_URL = re.compile(r"^(https?://)[^/@]+@")


@dataclass(frozen=True)
class GitOrigin:
    """Where the code comes from."""

    location: str
    """Without user name and password: these belong to a credential helper."""
    ref: str
    """The branch; empty where none is checked out."""
    subfolder: str
    how: str


def find_script(root: Path, names: tuple[str, ...]) -> Found | None:
    for name in names:
        if (root / name).is_file():
            return Found(name, said("it exists"))
    return None


def find_start_script(root: Path) -> Found | None:
    return find_script(root, _START)


def find_stop_script(root: Path) -> Found | None:
    return find_script(root, _STOP)


def find_environment_files(root: Path, project: Path) -> tuple[Found, ...]:
    """Files with settings of this machine, most likely with secrets; never samples."""
    found = []
    for folder in dict.fromkeys((project, root)):
        for file in sorted(folder.glob(".env*")):
            if file.is_file() and not file.name.endswith(_SAMPLES) and file.name != ".envrc":
                found.append(Found(str(file.relative_to(root)), said("it exists")))
    return tuple(found)


def find_git(root: Path) -> GitOrigin | None:
    """The repository that the folder is a checkout of: its origin, else its own folder."""
    root = root.absolute()
    for top in (root, *root.parents):
        if not (top / ".git").exists():
            continue
        folder = _git_folder(top / ".git")
        location = _remote(folder)
        how = (
            said("{folder} names it as origin", folder=top / ".git")
            if location
            else said("the folder is a repository")
        )
        branch = text_of(folder / "HEAD").strip().removeprefix("ref: refs/heads/")
        inside = root.relative_to(top)
        return GitOrigin(
            location=_USER_IN_URL.sub(r"\1", location) if location else str(top),
            # A detached HEAD holds a commit, which is no name to deploy from again.
            ref="" if re.fullmatch(r"[0-9a-f]{40,64}", branch) else branch,
            subfolder="" if inside == Path() else str(inside),
            how=how,
        )
    return None


def _git_folder(path: Path) -> Path:
    """The repository's folder; in a worktree `.git` is a file that leads there."""
    if path.is_dir():
        return path
    return (path.parent / text_of(path).removeprefix("gitdir:").strip()).absolute()


def _remote(folder: Path) -> str:
    common = text_of(folder / "commondir").strip()
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text_of((folder / common if common else folder) / "config"))
    except configparser.Error:
        return ""  # git's syntax is wider than this parser's; then a person says it
    return parser.get('remote "origin"', "url", fallback="") or ""
