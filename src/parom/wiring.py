"""Turns configuration into adapters; the one place that knows both."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.adapters.gateways.door import Door
from parom.adapters.gateways.embedded import EmbeddedGateway
from parom.adapters.gateways.flag import FlagGateway
from parom.adapters.gateways.flag_file import MaintenanceFlag
from parom.adapters.gateways.flag_stand_in import StandIn
from parom.adapters.hosts.local import LocalHost
from parom.adapters.layouts import adoption as adoptions
from parom.adapters.layouts.in_place import InPlaceLayout
from parom.adapters.layouts.releases import ReleasesLayout
from parom.adapters.notifiers.apprise import AppriseAddress
from parom.adapters.notifiers.secret_file import secret_lines
from parom.adapters.notifiers.slack import SlackChannel
from parom.adapters.services.command import WEB, ServiceCommand
from parom.adapters.services.embedded import EmbeddedServices
from parom.adapters.services.listening import Address
from parom.adapters.services.processes import end_all, with_open
from parom.adapters.services.scripts import ScriptsServices
from parom.adapters.services.scripts_installation import ScriptedInstallation
from parom.adapters.services.scripts_private import PrivateWeb
from parom.adapters.services.supervisor import EmbeddedSupervisor
from parom.adapters.services.trial import WebTrial
from parom.adapters.sources.directory import DirectorySource
from parom.adapters.sources.git import GitSource
from parom.adapters.vaults.directory import DirectoryVault
from parom.appside.application import Application
from parom.config.model import Config
from parom.errors import adopt as adopt_errors
from parom.errors.notices import NotDeliveredError
from parom.ports import Database, Gateway, Layout, Notifier, Services, Source, Vault
from parom.steps.step import Installation


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        threading.Event().wait(seconds)


def installation_of(config: Config, *, adopting: bool = False) -> Installation:
    """Everything that Parom needs of the world for one installation; touches nothing yet.

    Raises `adopt.under-way` for all but the adoption itself.
    """
    host = LocalHost()
    layout = layout_of(config, adopting=adopting)
    services, gateway = _services_and_gateway(config, layout)
    env_file, database = _env_file(config), _database(config)

    def application(release: Path, env: Mapping[str, str]) -> Application:
        return Application(
            python=release / ".venv" / "bin" / "python",
            project_dir=release / config.project_folder,
            settings_module=config.project.settings,
            host=host,
            env_file=env_file,
            env=env,
        )

    return Installation(
        config=config,
        host=host,
        layout=layout,
        database=database,
        services=services,
        gateway=gateway,
        vault=DirectoryVault(
            config.vault.path, config.vault.recipients, retention_days=config.vault.retention_days
        ),
        source=source_of(config, host),
        trial=WebTrial(
            command=config.services.web,
            state=config.state,
            settings_module=config.project.settings,
            project_folder=config.project_folder,
            root=config.project.root,
            production=str(config.live_file or config.database.name or "default"),
            opened_by=database.opened_by,
            media=config.vault.media,
            env_file=env_file,
        ),
        clock=SystemClock(),
        application=application,
    )


def vault_at(folder: Path) -> Vault:
    """A vault to read from, where there is no configuration yet; it cannot be written."""
    return DirectoryVault(folder, ())


def end_everything(config: Config) -> None:
    """End all processes that Parom ever started for an installation, supervisor included."""
    installation = installation_of(config, adopting=True)
    installation.trial.stop()
    # A courier tries for a while to tell places that do not answer.
    end_all(with_open(config.state.resolve() / "courier.lock"), graceful_s=1)
    if config.services.type == "embedded":
        _supervisor(config, layout_of(config, adopting=True)).shutdown()
        return
    installation.services.stop()
    _stand_in(config).leave()


def layout_of(config: Config, *, adopting: bool = False) -> Layout:
    root, shared = config.project.root, config.release.shared
    is_done = config.project.layout == "releases" or adoptions.finished(root) is None
    if not adopting and (adoptions.under_way(root) is not None or not is_done):
        raise adopt_errors.under_way(root)
    if config.project.layout == "releases":
        return ReleasesLayout(root, shared)
    left_out = [_inside(root, place) for place in (config.vault.path, config.flag_path)]
    return InPlaceLayout(
        root,
        config.state,
        [*shared, *filter(None, [_inside(root, config.live_file)])],
        left_out=[f"/{name}*" for name in left_out if name],
    )


def source_of(config: Config, host: LocalHost) -> Source:
    source = config.source
    if source.type == "git":
        return GitSource(source.location, source.subfolder, host, config.state / "source.git")
    return DirectorySource(Path(source.location), source.subfolder, source.exclude)


def notifiers_of(config: Config) -> dict[str, Notifier]:
    """The places for notices, by the names under which the outbox keeps them."""
    given, root = config.notices, config.project.root
    found: dict[str, Notifier] = {}
    if given.slack_token_file:
        token = root / given.slack_token_file
        for channel in (given.deployments, given.alerts):
            found[slack_name(channel)] = SlackChannel(channel, token, given.slack_api)
    if given.urls_file:
        file = root / given.urls_file
        for number in range(1, _addresses_in(file) + 1):
            found[f"address {number}"] = AppriseAddress(file, number)
    return found


def slack_name(channel: str) -> str:
    return f"Slack {channel}"


def _addresses_in(file: Path) -> int:
    """At least one: an attempt at it tells what is wrong with the file."""
    try:
        return len(secret_lines(file))
    except NotDeliveredError:
        return 1


def _database(config: Config) -> Database:
    if config.live_file is not None:
        return SQLiteDatabase(config.live_file, config.state / "databases")
    if config.database.type == "mariadb":
        return _mariadb(config)
    # Loading libpq takes longer than all the rest, and most installations have no use for it.
    from parom.adapters.databases.postgresql.configured import access_of
    from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
    from parom.adapters.databases.postgresql.programs import Programs

    named = config.database.programs
    programs = Programs(config.project.root / named if named else None)
    return PostgreSQLDatabase(lambda: access_of(config), programs)


def _mariadb(config: Config) -> Database:
    from parom.adapters.databases.mariadb import configured
    from parom.adapters.databases.mariadb.database import MariaDBDatabase
    from parom.adapters.databases.mariadb.programs import Programs

    named = config.database.programs
    programs = Programs(config.project.root / named if named else None)
    return MariaDBDatabase(lambda: configured.access_of(config), programs)


def _services_and_gateway(config: Config, layout: Layout) -> tuple[Services, Gateway]:
    flag = MaintenanceFlag(config.flag_path, config.state) if config.flag_path else None
    if config.services.type == "embedded":
        supervisor = _supervisor(config, layout)
        door = Door(supervisor.folder)
        return EmbeddedServices(supervisor, door), EmbeddedGateway(supervisor, door, flag)
    assert flag is not None  # noqa: S101 - scripts need the gateway "flag", which has one
    address = Address.parse(config.services.bind)
    installation = ScriptedInstallation(
        running_path=layout.running_path,
        project_folder=config.project_folder,
        state=config.state,
        address=address,
        start=config.services.start,
        stop=config.services.stop,
        env_file=_env_file(config),
        graceful_s=config.services.graceful_s,
        settings_module=config.project.settings,
    )
    private, stand_in = PrivateWeb(installation, config.services.web), _stand_in(config)
    services = ScriptsServices(installation, private, stand_in, flag)
    return services, FlagGateway(flag, stand_in, private, address)


def _stand_in(config: Config) -> StandIn:
    return StandIn(
        address=Address.parse(config.services.bind),
        state=config.state,
        page_dir=_page_dir(config),
        retry_after_s=config.gateway.retry_after_s,
        wanted=config.gateway.stand_in,
    )


def _page_dir(config: Config) -> Path | None:
    return config.project.root / config.gateway.page if config.gateway.page else None


def _inside(root: Path, place: Path | None) -> str:
    """A place by its name inside the root; empty where it lies elsewhere."""
    if place is None or not place.is_relative_to(root):
        return ""
    return str(place.relative_to(root))


def _supervisor(config: Config, layout: Layout) -> EmbeddedSupervisor:
    return EmbeddedSupervisor(
        state=config.state,
        bind=config.services.bind,
        commands=_commands(config),
        running_path=layout.running_path,
        project_folder=config.project_folder,
        env_file=_env_file(config),
        logs=config.state / "logs",
        settings_module=config.project.settings,
        page_dir=_page_dir(config),
        retry_after_s=config.gateway.retry_after_s,
    )


def _commands(config: Config) -> tuple[ServiceCommand, ...]:
    services = config.services
    commands = [ServiceCommand(WEB, "web", services.web, services.graceful_s)]
    if services.worker:
        commands.append(ServiceCommand("worker", "worker", services.worker, services.graceful_s))
    if services.scheduler:
        commands.append(
            ServiceCommand("scheduler", "scheduler", services.scheduler, services.graceful_s)
        )
    return tuple(commands)


def _env_file(config: Config) -> Path | None:
    named = config.release.environment_file
    return config.project.root / named if named else None
