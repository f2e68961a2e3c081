"""A release for a partial rollback: the current tree with some paths from an earlier one."""

from __future__ import annotations

import shutil
from pathlib import Path, PurePosixPath

from parom.errors import release as errors
from parom.steps.step import Context

_LEFT_OUT = shutil.ignore_patterns(".venv", "__pycache__", ".parom-release.json")


def compose(context: Context, destination: Path) -> None:
    """Write the composed tree to `destination`: a whole one or none."""
    if destination.exists():
        return
    plan, layout = context.plan, context.installation.layout
    partial = destination.with_name(destination.name + ".partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.parent.mkdir(parents=True, exist_ok=True)
    shared = frozenset(name.rstrip("/") for name in context.installation.config.release.shared)
    _copy(layout.path_of(plan.from_release), partial, shared)
    for name in plan.only:
        _replace(layout.path_of(plan.of_release), partial, checked(name))
    partial.rename(destination)


def refuse_other_migrations(current: Path, earlier: Path, name: PurePosixPath) -> None:
    """Raises `release.holds-migrations` where the two releases' migrations at `name` differ.

    The database has been through the current ones: code without them could not read it.
    """
    ours, theirs = _migrations(current, name), _migrations(earlier, name)
    differing = sorted(
        one for one in ours.keys() | theirs.keys() if ours.get(one) != theirs.get(one)
    )
    if differing:
        raise errors.holds_migrations(str(name), tuple(differing))


def _migrations(release: Path, name: PurePosixPath) -> dict[str, bytes]:
    """The migration modules at or below `name`, by their path in the release."""
    top = release / name
    files = [top] if top.is_file() else sorted(top.rglob("*.py"))
    return {
        str(inside): file.read_bytes()
        for file in files
        if "migrations" in (inside := file.relative_to(release)).parts[:-1]
        and inside.name != "__init__.py"
    }


def checked(name: str) -> PurePosixPath:
    """A path inside a release. Raises `release.bad-path` for any other."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise errors.bad_path(name)
    return path


def _copy(source: Path, destination: Path, shared: frozenset[str]) -> None:
    def left_out(folder: str, names: list[str]) -> set[str]:
        ignored = set(_LEFT_OUT(folder, names))
        inside = Path(folder).relative_to(source)
        return ignored | {name for name in names if (inside / name).as_posix() in shared}

    shutil.copytree(source, destination, symlinks=True, ignore=left_out)


def _replace(earlier: Path, tree: Path, name: PurePosixPath) -> None:
    old, new = earlier / name, tree / name
    if not old.exists() and not new.exists():
        raise errors.no_such_path(str(name))
    if new.is_dir() and not new.is_symlink():
        shutil.rmtree(new)
    else:
        new.unlink(missing_ok=True)
    if not old.exists():
        return
    new.parent.mkdir(parents=True, exist_ok=True)
    if old.is_dir():
        shutil.copytree(old, new, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(old, new, follow_symlinks=False)
