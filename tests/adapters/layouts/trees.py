"""Small trees for tests, and a reader of its own: it shares no code with what it checks."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)

ONE = {
    "manage.py": "print('one')\n",
    "app/__init__.py": "",
    "app/views.py": "VERSION = 1\n",
    "app/old_module.py": "OLD = True\n",
    "app/migrations/0001.py": "first\n",
    "gone/deep/module.py": "x = 1\n",
    "static/site.css": "a {}\n",
    "becomes_folder": "a file\n",
    "becomes_file/inside.txt": "in a folder\n",
    "script.sh*": "#!/bin/sh\necho one\n",
    "link": "-> app/views.py",
}
TWO = {
    "manage.py": "print('two')\n",
    "app/__init__.py": "",
    "app/views.py": "VERSION = 2\n",
    "app/new_module.py": "NEW = True\n",
    "app/migrations/0001.py": "first\n",
    "app/migrations/0002.py": "second\n",
    "static/site.css": "b {}\n",
    "becomes_folder/inside.txt": "in a folder\n",
    "becomes_file": "a file\n",
    "script.sh*": "#!/bin/sh\necho two\n",
    "link": "-> app/new_module.py",
}
DATA = {"db.sqlite3": "rows", "db.sqlite3-wal": "wal", "media/photo.jpg": "pixels", ".env": "KEY=1"}
SHARED = ("db.sqlite3", "media/", ".env")


def write_tree(top: Path, files: Mapping[str, str]) -> None:
    """Names ending in * are executable; contents starting with -> are links."""
    for name, content in files.items():
        path = top / name.rstrip("*")
        path.parent.mkdir(parents=True, exist_ok=True)
        if content.startswith("-> "):
            path.symlink_to(content.removeprefix("-> "))
            continue
        path.write_text(content)
        path.chmod(0o755 if name.endswith("*") else 0o644)


def read_tree(top: Path, without: tuple[str, ...] = (".parom", ".venv")) -> dict[str, str]:
    """Every file, link and folder below `top` with its mode and content."""
    found: dict[str, str] = {}
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if Path(folder) != top or name not in without)
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in [*files, *folders]:
            path = Path(folder) / name
            relative = str(path.relative_to(top))
            if relative in without or name == ".parom-release.json":
                continue
            mode = stat.S_IMODE(path.lstat().st_mode)
            if path.is_symlink():
                found[relative] = f"-> {path.readlink()}"
            elif name in folders and name not in links:
                found[relative] = f"folder {mode:o}"
            else:
                found[relative] = f"{mode:o} {path.read_text()}"
    return found


def expected_tree(tmp_path: Path, *parts: Mapping[str, str]) -> dict[str, str]:
    """What `read_tree` should say of a folder that holds exactly these files."""
    model = tmp_path / "model"
    for number in range(100):
        model = tmp_path / f"model-{number}"
        if not model.exists():
            break
    model.mkdir()
    for files in parts:
        write_tree(model, files)
    return read_tree(model)
