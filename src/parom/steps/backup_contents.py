"""What goes into a backup: everything from which the installation can be rebuilt.

| part | holds |
| --- | --- |
| `code` | the release's tree, scripts and static files included, without its environment |
| `database` | the database, one file: SQLite's own, or an archive of pg_dump |
| `configuration` | parom.toml, the environment file, shared files such as `.env`, and what `vault.configuration` names |
| `media` | what `vault.media` names |

Names in an archive count from the installation's root; what lies elsewhere has `outside/`
and its absolute path.
"""  # noqa: E501 - a table

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from parom.config.model import Config
from parom.facts import Release
from parom.steps.step import Installation

CONFIG_FILE, RECOVERY_FILE = "parom.toml", "parom-recovery.json"
OUTSIDE = "outside"
_NOT_CODE = frozenset({".venv", ".parom", "__pycache__"})

Entries = list[tuple[str, Path]]


def parts_of(
    installation: Installation, database: Path, release_id: str, folder: Path
) -> dict[str, Entries]:
    """(name in the archive, path) by part. `folder` takes the file that describes it."""
    config, layout = installation.config, installation.layout
    tree = layout.path_of(release_id)
    shared = frozenset(PurePosixPath(name) for name in _shared_names(config))
    release = next((one for one in layout.releases() if one.id == release_id), None)
    return {
        "database": [(installation.database.copy_name, database)],
        "code": list(_code(tree, PurePosixPath(), shared)),
        "configuration": _configuration(config, release, release_id, folder),
        "media": _named(config, config.vault.media),
    }


def home_of_shared(config: Config) -> Path:
    """Where the shared files and folders lie."""
    root = config.project.root
    return root if config.project.layout == "in-place" else root / "shared"


def _code(
    tree: Path, inside: PurePosixPath, shared: frozenset[PurePosixPath]
) -> Iterator[tuple[str, Path]]:
    """The members of a release; a folder with something shared in it, member by member."""
    for one in sorted((tree / inside).iterdir()):
        name = inside / one.name
        if name in shared or (not inside.parts and one.name in _NOT_CODE):
            continue
        if any(name in other.parents for other in shared) and not one.is_symlink():
            yield from _code(tree, name, shared)
        else:
            yield str(name), one


def _shared_names(config: Config) -> list[str]:
    names = [name.rstrip("/") for name in config.release.shared]
    live, home = config.live_file, home_of_shared(config)
    if live and live.is_relative_to(home):
        names.append(str(live.relative_to(home)))
    return names


def _configuration(
    config: Config, release: Release | None, release_id: str, folder: Path
) -> Entries:
    record = folder / RECOVERY_FILE
    record.write_text(json.dumps(_described(config, release, release_id)), encoding="utf-8")
    entries = [(RECOVERY_FILE, record)]
    if config.file is not None:
        entries.insert(0, (CONFIG_FILE, config.file))
    home = home_of_shared(config)
    files = [home / name for name in config.release.shared if not name.endswith("/")]
    named = [
        *config.vault.configuration,
        config.release.environment_file,
        config.checks.headers_file,
        config.database.password_file,
        config.gateway.page,
        *(str(file) for file in files if file != config.live_file and file.is_file()),
    ]
    taken = {name for name, _ in entries}
    return entries + [one for one in _named(config, named) if one[0] not in taken]


def _named(config: Config, names: tuple[str, ...] | list[str]) -> Entries:
    """Files and folders by their configured names; links are followed to what they mean."""
    root = config.project.root
    found: dict[str, Path] = {}
    for name in names:
        path = root / name
        if name and path.exists():
            is_inside = path.is_relative_to(root)
            found[str(path.relative_to(root)) if is_inside else f"{OUTSIDE}{path}"] = path.resolve()
    return list(found.items())


def _described(config: Config, release: Release | None, release_id: str) -> dict[str, object]:
    """What a recovery must know beside parom.toml: what its relative paths meant."""
    return {
        "format": 1,
        "root": str(config.project.root),
        "source": config.source.location,
        "release": {
            "id": release_id,
            "source": release.source if release else release_id,
            "revision": release.revision if release else "",
        },
    }
