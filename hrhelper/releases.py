"""Writes a release of HR Helper: `python releases.py build r1|r2|r3 DEST`.

There is one source tree, which is r2. r1 and r3 are that tree with the files of
overlays/<release> over it and without those that its REMOVED names.
"""

import argparse
import shutil
import sys
from pathlib import Path

from compile_messages import compile_folder

TREE = Path(__file__).resolve().parent
RELEASES = ("r1", "r2", "r3")
REMOVED = {
    "r1": (
        "apps/finance/migrations/0003_amounts_location_index.py",
        "logic/finance/amounts.py",
    ),
    "r2": (),
    "r3": (),
}
NOT_SHIPPED = (
    ".venv", "__pycache__", "*.pyc", "*.mo.*", "overlays", "releases.py", "Makefile", ".gitignore",
    "compile_messages.py", "requirements-dev.txt", "docs", "tests", "db.sqlite3*", ".env*", "logs",
    "media", "run", "staticfiles", ".ruff_cache", ".pytest_cache", ".hypothesis",
)  # fmt: skip


def build(release: str, destination: Path) -> None:
    """Write the tree of a release to `destination`; what was there before goes, but .git.

    Raises ValueError where the folder holds something else than a release of before.
    """
    if release not in RELEASES:
        raise ValueError(f"there is no release {release}; there are {', '.join(RELEASES)}")
    if destination.resolve().is_relative_to(TREE):
        raise ValueError(f"{destination} lies in the source tree")
    if destination.exists():
        _empty(destination)
    ignored = shutil.ignore_patterns(*NOT_SHIPPED)
    shutil.copytree(TREE, destination, ignore=ignored, dirs_exist_ok=True)
    overlay = TREE / "overlays" / release
    if overlay.exists():
        shutil.copytree(overlay, destination, ignore=ignored, dirs_exist_ok=True)
    for name in REMOVED[release]:
        path = destination / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    compile_folder(destination / "locale")


def _empty(folder: Path) -> None:
    children = [child for child in folder.iterdir() if child.name != ".git"]
    if children and not (folder / "manage.py").is_file():
        raise ValueError(f"{folder} holds something else than a release; name an empty folder")
    for child in children:
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("build", help="write the tree of a release to a folder")
    command.add_argument("release", choices=RELEASES)
    command.add_argument("destination", type=Path)
    given = parser.parse_args()
    try:
        build(given.release, given.destination)
    except ValueError as problem:
        sys.exit(f"Nothing was changed: {problem}.")


if __name__ == "__main__":
    main()
