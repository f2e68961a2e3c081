"""Makes a release's own virtual environment with uv, at its final path."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from uv import find_uv_bin

from parom.build.dependencies import Dependencies, DependencyKind, install_argv
from parom.build.indexes import package_environment
from parom.build.python_version import OLDEST, wanted_python
from parom.durable import replace_symlink, write_atomically
from parom.errors import build as errors
from parom.facts import Finished
from parom.masking import without_credentials
from parom.ports import Host

ENVIRONMENT = ".venv"
_RECORD = ".parom-environment.json"
_INSTALL_LIMIT_S = 1500
_STRAY_LIMIT_S = 300
_UNEXPECTED = 2
"""uv's exit status where something outside failed, the network for one; a set of
packages that does not fit, or a wrong hash, gives 1."""


@dataclass(frozen=True)
class BuiltEnvironment:
    """How a release's environment came to be."""

    how: str
    python_version: str
    managed: bool = True
    """False for an environment that somebody else manages."""


def build_environment(
    release: Path,
    *,
    python: str,
    dependencies: str,
    host: Host,
    log: Path,
    allow_download: bool = False,
) -> BuiltEnvironment:
    """Make `release/.venv`. A second call finds a finished one, and clears an unfinished one.

    `python` is a version, a constraint or a path; empty for what the release itself asks
    for, and else the one that runs Parom. `dependencies` is uv.lock, pyproject.toml or a
    requirements file inside the release, the absolute path of an environment that exists
    already (linked; Parom does not manage it), or none. With `allow_download` uv may fetch
    a Python that this machine lacks.

    Raises `build.no-python`, `build.old-python`, `build.no-dependencies`,
    `build.dependency-failed`, `build.still-building`.
    """
    environment = release / ENVIRONMENT
    wanted = Dependencies.of(release, dependencies)
    if wanted.kind is DependencyKind.EXISTING:
        # Resolved: the path may be a link that leads elsewhere after the next switch.
        replace_symlink(environment, wanted.file.resolve())
        version = _version(environment, host)
        return BuiltEnvironment(wanted.described, version, managed=False)
    version_wanted = wanted_python(release, wanted.file, python) or sys.executable
    key = _key(version_wanted, wanted)
    built = _finished(environment, key)
    if built is not None:
        return built
    _wait_for_stray(environment)
    variables = package_environment(os.environ, Path.home())
    uv = find_uv_bin()
    _make(environment, version_wanted, uv, host, variables, allow_download)
    _install(install_argv(uv, wanted, environment), environment, host, variables, log)
    built = BuiltEnvironment(wanted.described, _version(environment, host))
    record = json.dumps({"key": key, "built": asdict(built)})
    write_atomically(environment / _RECORD, record.encode())
    return built


def _make(
    environment: Path,
    python: str,
    uv: str,
    host: Host,
    variables: dict[str, str],
    allow_download: bool,
) -> None:
    # Not by uv's --clear: that refuses what a killed one left before it was an environment.
    if environment.is_symlink():
        environment.unlink()
    elif environment.exists():
        shutil.rmtree(environment)
    downloads = () if allow_download else ("--no-python-downloads",)
    made = host.run(
        # --no-project: for an installation in one folder, the folder above holds the
        # project of the release that runs.
        [
            *(uv, "venv", "--quiet", "--no-project", *downloads),
            *("--python", python, str(environment)),
        ],
        cwd=environment.parent,
        env=variables,
    )
    if not made.succeeded:
        raise errors.no_python(python, made.stderr.strip()[-300:])


def _install(
    argv: tuple[str, ...], environment: Path, host: Host, variables: dict[str, str], log: Path
) -> None:
    if not argv:
        return
    own = {"VIRTUAL_ENV": str(environment), "UV_PROJECT_ENVIRONMENT": str(environment)}
    installed = host.run(
        argv, cwd=environment.parent, env=variables | own, timeout_s=_INSTALL_LIMIT_S
    )
    said = without_credentials(installed.stdout + installed.stderr)
    log.write_text(said, encoding="utf-8")
    if not installed.succeeded:
        can_retry = installed.timed_out or installed.exit_code == _UNEXPECTED
        raise errors.dependency_failed(said, str(log), can_retry=can_retry)


def _key(python: str, dependencies: Dependencies) -> str:
    """Names what an environment is made from, so that a finished one is known again."""
    digest = hashlib.sha256(f"{python}\0{dependencies.kind}\0".encode())
    if dependencies.kind is not DependencyKind.NONE:
        digest.update(dependencies.file.read_bytes())
    return digest.hexdigest()


def _finished(environment: Path, key: str) -> BuiltEnvironment | None:
    try:
        record = json.loads((environment / _RECORD).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    return BuiltEnvironment(**record["built"]) if record["key"] == key else None


def _version(environment: Path, host: Host) -> str:
    code = "import platform; print(platform.python_version())"
    asked: Finished = host.run([str(environment / "bin" / "python"), "-c", code])
    if not asked.succeeded:
        raise errors.no_python(str(environment), asked.stderr.strip()[-300:])
    version = asked.stdout.strip()
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise errors.old_python(version, ".".join(str(part) for part in OLDEST))
    return version


def _wait_for_stray(environment: Path) -> None:
    """Wait until no uv is at work in there: a killed Parom leaves its installer running.

    uv holds a lock on `.lock` in the environment while it installs.
    """
    lock = environment / ".lock"
    if not lock.is_file():
        return
    until = time.monotonic() + _STRAY_LIMIT_S
    pause = threading.Event()
    with lock.open("rb") as file:
        while not _is_free(file.fileno()):
            if time.monotonic() > until:
                raise errors.still_building(str(environment))
            pause.wait(0.2)


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return True
