"""The places of parom.toml, with what goes where."""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from parom.config.model import Config
from parom.notices.about import Setting
from parom.notices.routes import Place, topics_named
from parom.wiring import slack_name


def places_of(config: Config, names: Iterable[str]) -> tuple[Place, ...]:
    """`names` are those of the notifiers (`wiring.notifiers_of`)."""
    return tuple(_place(config, name) for name in names)


def _place(config: Config, name: str) -> Place:
    notices = config.notices
    if name == slack_name(notices.deployments):
        loud = topics_named(notices.broadcast)
        return Place(name, topics_named("*"), has_board=True, loud=loud)
    if name == slack_name(notices.alerts):
        return Place(name, topics_named(notices.alert_on))
    return Place(name, topics_named(notices.mail_on))


def setting_of(config: Config) -> Setting:
    zone = config.windows.timezone
    return Setting(
        project=config.project.name,
        environment=config.project.environment,
        zone=ZoneInfo(zone) if zone else None,
        baseline_s=config.watch.baseline_s,
    )
