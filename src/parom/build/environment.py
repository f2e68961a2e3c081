"""Makes a release's own virtual environment with uv, at its final path."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

from parom.errors import build as errors
from parom.facts import Finished
from parom.ports import Host

_LIMIT_S = 1500


@dataclass(frozen=True)
class BuiltEnvironment:
    """How a release's environment came to be."""

    how: str
    python_version: str


def build_environment(
    release: Path, *, python: str, dependencies: str, host: Host, log: Path
) -> BuiltEnvironment:
    """Make `release/.venv`. May be called again: uv brings what is there up to date.

    `python` is a version or a path, empty for the one that runs Parom. `dependencies` is
    uv.lock, pyproject.toml, a requirements file, the absolute path of an environment that
    exists already (linked; Parom does not manage it), or none.
    Raises `build.no-python`, `build.no-dependencies`, `build.dependency-failed`.
    """
    venv = release / ".venv"
    if Path(dependencies).is_absolute():
        return _linked(venv, Path(dependencies), host)
    if dependencies != "none" and not (release / dependencies).exists():
        raise errors.no_dependencies(dependencies)
    uv = find_uv_bin()
    wanted = python or sys.executable
    if not (venv / "bin" / "python").exists():
        made = host.run(
            [uv, "venv", "--quiet", "--allow-existing", "--no-project", "--python", wanted,
             "--no-python-downloads", str(venv)],
            cwd=release,
        )  # fmt: skip
        if not made.succeeded:
            raise errors.no_python(wanted, made.stderr.strip()[-300:])
    if dependencies != "none":
        installed = host.run(
            [uv, *_arguments(dependencies, venv)],
            cwd=release,
            env={"VIRTUAL_ENV": str(venv), "UV_PROJECT_ENVIRONMENT": str(venv)},
            timeout_s=_LIMIT_S,
        )
        log.write_text(installed.stdout + installed.stderr, encoding="utf-8")
        if not installed.succeeded:
            raise errors.dependency_failed(installed.stderr, str(log))
    return BuiltEnvironment(dependencies, _version(venv, host))


def _arguments(dependencies: str, venv: Path) -> list[str]:
    name = Path(dependencies).name
    if name == "uv.lock":
        return ["sync", "--frozen", "--no-dev", "--no-install-project", "--compile-bytecode"]
    return ["pip", "install", "--quiet", "--compile-bytecode", "--python",
            str(venv / "bin" / "python"), "-r", dependencies]  # fmt: skip


def _linked(venv: Path, existing: Path, host: Host) -> BuiltEnvironment:
    if not (existing / "bin" / "python").exists():
        raise errors.no_dependencies(str(existing))
    if not venv.is_symlink():
        venv.symlink_to(existing)
    return BuiltEnvironment("an environment that Parom does not manage", _version(venv, host))


def _version(venv: Path, host: Host) -> str:
    code = "import platform; print(platform.python_version())"
    asked: Finished = host.run([str(venv / "bin" / "python"), "-c", code])
    if not asked.succeeded:
        raise errors.no_python(str(venv), asked.stderr.strip()[-300:])
    return asked.stdout.strip()
