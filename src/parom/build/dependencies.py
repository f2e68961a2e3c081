"""What a release's dependencies are written in, and how uv installs them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path

from parom.errors import build as errors
from parom.words.said import said


class DependencyKind(enum.StrEnum):
    LOCK = "uv.lock"
    PROJECT = "pyproject.toml"
    REQUIREMENTS = "requirements"
    EXISTING = "existing"
    """A virtual environment that somebody else manages."""
    NONE = "none"


@dataclass(frozen=True)
class Dependencies:
    """The setting `release.dependencies` of one release."""

    kind: DependencyKind
    file: Path
    """The file, or the existing environment's folder."""
    hashes: bool = False
    """Whether a requirements file pins hashes, which are then required of all of it."""

    @staticmethod
    def of(release: Path, setting: str) -> Dependencies:
        """Raises `build.no-dependencies`."""
        if setting in ("", "none"):
            return Dependencies(DependencyKind.NONE, release)
        if Path(setting).is_absolute():
            if not (Path(setting) / "bin" / "python").exists():
                raise errors.no_dependencies(setting)
            return Dependencies(DependencyKind.EXISTING, Path(setting))
        file = release / setting
        if not file.is_file() or ".." in Path(setting).parts:
            raise errors.no_dependencies(setting)
        if file.name == "uv.lock":
            return Dependencies(DependencyKind.LOCK, file)
        if file.name == "pyproject.toml":
            return Dependencies(DependencyKind.PROJECT, file)
        hashes = "--hash=" in file.read_text(encoding="utf-8", errors="replace")
        return Dependencies(DependencyKind.REQUIREMENTS, file, hashes)

    @property
    def described(self) -> str:
        """As the report says it."""
        match self.kind:
            case DependencyKind.EXISTING:
                return said("{file}, which Parom does not manage", file=self.file)
            case DependencyKind.NONE:
                return said("no dependencies")
            case DependencyKind.REQUIREMENTS if self.hashes:
                return said("{file}, hashes checked", file=self.file.name)
            case _:
                return self.file.name


def install_argv(uv: str, dependencies: Dependencies, environment: Path) -> tuple[str, ...]:
    """The command that installs dependencies into an environment; empty if there are none.

    Compiled at once, so that the first start after the cutover is not slowed down by it.
    A project is not installed as a package itself: it runs from its folder.
    """
    python = str(environment / "bin" / "python")
    match dependencies.kind:
        case DependencyKind.LOCK:
            return (
                *(uv, "sync", "--quiet", "--frozen", "--no-dev", "--no-install-project"),
                *("--compile-bytecode", "--no-python-downloads", "--python", python),
                *("--project", str(dependencies.file.parent)),
            )
        case DependencyKind.PROJECT | DependencyKind.REQUIREMENTS:
            hashes = ("--require-hashes",) if dependencies.hashes else ()
            return (
                *(uv, "pip", "install", "--quiet", "--compile-bytecode", *hashes),
                *("--python", python, "-r", str(dependencies.file)),
            )
        case DependencyKind.EXISTING | DependencyKind.NONE:
            return ()
