"""Where an installation is, as far as a run that was begun must find it there again."""

from __future__ import annotations

from parom.config.model import Config


def place_of(config: Config) -> tuple[tuple[str, str], ...]:
    """The keys of parom.toml that say where things are and how they run, with their values."""
    return (
        ("project.root", str(config.project.root)),
        ("project.layout", config.project.layout),
        ("project.settings", config.project.settings),
        ("database.path", config.database.path),
        ("release.shared", " ".join(config.release.shared)),
        ("services.type", config.services.type),
        ("gateway.type", config.gateway.type),
    )
