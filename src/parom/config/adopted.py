"""Which keys of a parom.toml change when its installation moves into releases. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from parom.config.edited import Key
from parom.config.example import Value
from parom.config.model import Config

SHARED = PurePosixPath("shared")


def shared_names(config: Config, is_folder: Callable[[Path], bool]) -> tuple[str, ...]:
    """Everything that the configuration names inside the root and that is no code."""
    root = config.project.root
    named = [root / place for place in _data_places(config)]
    if config.live_file:
        named.insert(0, config.live_file)
    if config.flag_path:
        named += [config.flag_path, config.flag_path.with_name(config.flag_path.name + ".key")]
    names = list(config.release.shared)
    for place in named:
        if place.is_relative_to(root) and place != root:
            name = place.relative_to(root)
            if not _is_covered(PurePosixPath(name), names):
                names.append(f"{name}/" if is_folder(place) else str(name))
    return tuple(names)


def changes(config: Config, names: Iterable[str]) -> dict[Key, Value]:
    """The new values. What is shared lies in shared/; `names` are all shared names."""

    def moved(place: str) -> str:
        is_ours = place and not PurePosixPath(place).is_absolute()
        return str(SHARED / place) if is_ours else place

    root, live = config.project.root, config.live_file
    found: dict[Key, Value] = {
        ("project", "layout"): "releases",
        ("release", "shared"): tuple(names),
    }
    if live and live.is_relative_to(root):
        found["database", "path"] = str(SHARED / live.relative_to(root))
    texts = {
        ("release", "environment_file"): config.release.environment_file,
        ("checks", "headers_file"): config.checks.headers_file,
    }
    found |= {key: moved(place) for key, place in texts.items() if moved(place) != place}
    lists = {
        ("vault", "configuration"): config.vault.configuration,
        ("vault", "media"): config.vault.media,
    }
    found |= {key: tuple(map(moved, places)) for key, places in lists.items() if places}
    if config.flag_path and config.flag_path.is_relative_to(root):
        found["gateway", "flag_file"] = str(SHARED / config.flag_path.relative_to(root))
    if config.gateway.page and not PurePosixPath(config.gateway.page).is_absolute():
        found["gateway", "page"] = str(PurePosixPath("current") / config.gateway.page)
    return found


def _data_places(config: Config) -> list[str]:
    named = [
        config.release.environment_file,
        config.checks.headers_file,
        *config.vault.configuration,
        *config.vault.media,
    ]
    return [place for place in named if place]


def _is_covered(name: PurePosixPath, names: Iterable[str]) -> bool:
    """Whether a shared name is this one or a folder above it."""
    shared = {PurePosixPath(one) for one in names}
    return bool(shared & {name, *name.parents})
