"""Writes a release of HR Helper: `python releases.py build r1|r2|r3 DEST`.

There is one source tree, which is r2. r1 and r3 are that tree with the files of
overlays/<release> over it and without those that its REMOVED names.
"""

import argparse
import shutil
from pathlib import Path

TREE = Path(__file__).resolve().parent
RELEASES = ("r1", "r2", "r3")
REMOVED = {
    "r1": (
        "apps/finance/migrations/0003_amounts_location_index.py",
        "logic/finance/amounts.py",
        "tests",
    ),
    "r2": (),
    "r3": ("tests",),
}
NOT_SHIPPED = (
    ".venv", "__pycache__", "*.pyc", "overlays", "releases.py", "Makefile", ".gitignore",
    "db.sqlite3*", ".env*", "logs", "media", "run", "staticfiles", ".ruff_cache",
)  # fmt: skip


def build(release: str, destination: Path) -> None:
    """Write the tree of a release to `destination`; what was there before goes, but .git."""
    if release not in RELEASES:
        raise ValueError(f"there is no release {release}; there are {', '.join(RELEASES)}")
    if destination.exists():
        for child in destination.iterdir():
            if child.name != ".git":
                shutil.rmtree(child) if child.is_dir() else child.unlink()
    ignored = shutil.ignore_patterns(*NOT_SHIPPED)
    shutil.copytree(TREE, destination, ignore=ignored, dirs_exist_ok=True)
    overlay = TREE / "overlays" / release
    if overlay.exists():
        shutil.copytree(overlay, destination, ignore=ignored, dirs_exist_ok=True)
    for name in REMOVED[release]:
        path = destination / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("build", help="write the tree of a release to a folder")
    command.add_argument("release", choices=RELEASES)
    command.add_argument("destination", type=Path)
    given = parser.parse_args()
    build(given.release, given.destination)


if __name__ == "__main__":
    main()
