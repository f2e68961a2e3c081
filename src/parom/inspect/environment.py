"""What a project is installed with: dependencies, Python, a virtual environment."""

from __future__ import annotations

import tomllib
from pathlib import Path

from parom.build.python_version import pinned_version, required_version
from parom.inspect.found import Found, text_of
from parom.words.said import said

_REQUIREMENTS = (
    *("requirements.lock", "requirements/production.txt", "requirements/prod.txt"),
    *("requirements/base.txt", "requirements-prod.txt", "requirements.txt"),
)
_ENVIRONMENTS = (".venv", "venv", "env", ".env")
_FOREIGN_LOCKS = {
    "poetry.lock": "poetry export",
    "Pipfile.lock": "pipenv requirements",
    "pdm.lock": "pdm export",
}


def find_dependencies(root: Path, project: Path) -> Found | None:
    """The value for `release.dependencies`, the strictest that there is."""
    folders = dict.fromkeys((project, root))
    for folder in folders:
        if (folder / "uv.lock").is_file():
            return _found(root, folder / "uv.lock", said("it pins every package with its hash"))
    for folder in folders:
        for name in _REQUIREMENTS:
            file = folder / name
            if file.is_file():
                pinned = "--hash=" in text_of(file)
                return _found(root, file, said("it pins hashes" if pinned else "it exists"))
    for folder in folders:
        if _declares_dependencies(folder / "pyproject.toml"):
            return _found(
                root, folder / "pyproject.toml", said("it declares dependencies, unpinned")
            )
    return None


def foreign_locks(root: Path, project: Path) -> tuple[str, ...]:
    """Notes on lock files of tools that Parom does not read."""
    folders = dict.fromkeys((project, root))
    return tuple(
        said(
            "{file} is not read by Parom; `{command}` writes a requirements file from it.",
            file=name,
            command=command,
        )
        for folder in folders
        for name, command in _FOREIGN_LOCKS.items()
        if (folder / name).is_file()
    )


def find_environment(root: Path, project: Path) -> Found | None:
    """A virtual environment inside the project, relative to the root."""
    for folder in dict.fromkeys((project, root)):
        for name in _ENVIRONMENTS:
            if (folder / name / "pyvenv.cfg").is_file():
                return _found(root, folder / name, said("it holds pyvenv.cfg"))
    return None


def find_python(root: Path, project: Path, environment: Found | None) -> Found | None:
    """The Python that the project asks for, or else the one it has run with."""
    for folder in dict.fromkeys((project, root)):
        pinned = pinned_version(folder)
        if pinned:
            return Found(pinned, ".python-version")
    for folder in dict.fromkeys((project, root)):
        required = required_version(folder)
        if required:
            return Found(required, said("requires-python in pyproject.toml"))
    if environment is None:
        return None
    for line in text_of(root / environment.value / "pyvenv.cfg").splitlines():
        key, _, value = (part.strip() for part in line.partition("="))
        if key in ("version", "version_info"):
            return Found(".".join(value.split(".")[:2]), made_with(environment))
    return None


def made_with(environment: Found) -> str:
    """How a Python was found that nothing but an environment names."""
    return said("{environment} was made with it", environment=environment.value)


def _declares_dependencies(file: Path) -> bool:
    try:
        project = tomllib.loads(text_of(file)).get("project")
    except tomllib.TOMLDecodeError:
        return False
    return isinstance(project, dict) and bool(project.get("dependencies"))


def _found(root: Path, path: Path, how: str) -> Found:
    return Found(str(path.relative_to(root)), how)
