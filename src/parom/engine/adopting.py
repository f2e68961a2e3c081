"""`parom adopt`: from one folder to releases and back, with the services stopped around it.

Every call looks where the last one was killed and goes on from there: the moves have a plan
of their own (`adapters/layouts/adopt.py`), and what the configuration said before is kept
until all is put back. The caller holds the environment's lock.
"""

from __future__ import annotations

from pathlib import Path

from parom.adapters.layouts import adoption as adoptions
from parom.adapters.layouts.adopt import adopt, take_back
from parom.adapters.layouts.releases import ReleasesLayout
from parom.checks.headers import read_headers
from parom.checks.health import wait_until_healthy
from parom.config.adopted import changes, shared_names
from parom.config.edited import edited
from parom.config.example import as_toml
from parom.config.model import Config
from parom.config.reading import read
from parom.durable import write_atomically
from parom.errors import ParomError
from parom.errors import adopt as errors
from parom.errors import layout as layout_errors
from parom.errors import release as release_errors
from parom.journal import chain
from parom.steps.step import Installation
from parom.wiring import installation_of
from parom.words.said import joined


def go_over(path: Path) -> str:
    """Move the installation of the configuration at `path`; the id of its first release.

    Raises `adopt.*` and what `adapters/layouts/adopt.py` raises. Where the application is not
    healthy at its new place, all is put back.
    """
    config = read(path)
    root, kept = config.project.root, _kept(config)
    if config.project.layout == "releases" and not kept.exists():
        raise errors.not_in_place(root)
    if config.project.layout == "in-place":
        names = shared_names(config, Path.is_dir)
        text = _new_text(path, config, names)
        _stop(installation_of(config, adopting=True))
        if not kept.exists():
            write_atomically(kept, path.read_bytes(), 0o600)
        release = adopt(root, root, names, installation_of(config, adopting=True).clock.now())
        chain.append("", "adopted", "", {"release": release.id, "root": str(root)})
        write_atomically(path, text.encode(), path.stat().st_mode & 0o777)
    elif adoptions.finished(root) is None:  # killed while it was taken back
        _stop(installation_of(config, adopting=True))
        adopt(root, root, config.release.shared, installation_of(config, adopting=True).clock.now())
    installation = installation_of(read(path))
    try:
        _start(installation)
    except ParomError as problem:
        chain.append("", "adoption-failed", "", problem.as_record())
        come_back(path)
        raise errors.unhealthy(problem.fact) from None
    return installation.layout.current() or ""


def come_back(path: Path) -> None:
    """Put everything to where it was, configuration included.

    Raises `layout.adoption-over` where another release runs already, with nothing changed.
    """
    config = read(path)
    root, kept = config.project.root, _kept(config)
    if not kept.exists():
        raise errors.not_in_place(root)
    finished = adoptions.finished(root)
    running = ReleasesLayout(root, config.release.shared).current() if finished else None
    if finished is not None and running not in (None, finished.release_id):
        raise layout_errors.adoption_over(str(running))
    _stop(installation_of(config, adopting=True))
    take_back(root)
    chain.append("", "adoption-taken-back", "", {"root": str(root)})
    write_atomically(path, kept.read_bytes(), path.stat().st_mode & 0o777)
    _start(installation_of(read(path)))
    # Last: as long as it is there, this is not over.
    kept.unlink()


def _kept(config: Config) -> Path:
    """What parom.toml said before the adoption."""
    return config.state / "before-adoption.toml"


def _new_text(path: Path, config: Config, names: tuple[str, ...]) -> str:
    """Found out before anything is touched. Raises `adopt.config-not-rewritten`."""
    if config.vault.path.is_relative_to(config.project.root):
        raise errors.vault_inside(config.vault.path, config.project.root)
    wanted = changes(config, names)
    try:
        return edited(path.read_text("utf-8"), wanted)
    except ValueError:
        said = [f"{'.'.join(key)} = {as_toml(value)}" for key, value in wanted.items()]
        raise errors.config_not_rewritten(path, said) from None


def _stop(installation: Installation) -> None:
    installation.gateway.close()
    installation.services.stop()
    if not installation.database.exists():
        return
    holders = installation.database.holders(installation.services.processes())
    if holders:
        raise errors.held(", ".join(f"pid {one.pid}: {one.command}" for one in holders))


def _start(installation: Installation) -> None:
    """Privately first: the public comes in only where the application is healthy."""
    config, gateway, services = installation.config, installation.gateway, installation.services
    named = config.checks.headers_file
    given = read_headers(config.project.root / named) if named else {}
    instance = services.start_private()
    headers = {**given, **gateway.bypass_headers()}
    checks = config.checks
    found = wait_until_healthy(instance.base_url, checks.health, headers, checks.health_limit_s)
    if not found.passed:
        services.stop()
        raise release_errors.checks_failed(
            "at its place", (joined([found.name, found.detail], ": "),)
        )
    services.start_background()
    gateway.open(instance)
    services.start_web()
    gateway.settle()
