"""The first customer's plan is a configuration that Parom reads."""

from __future__ import annotations

import tomllib
from pathlib import Path

from parom.config.model import Config
from parom.config.reading import read
from parom.steps.rules import access_of, budgets_of, windows_of
from parom.verdict.parameters import FULL

PLAN = Path(__file__).parents[2] / "hrhelper" / "parom.toml"


def test_the_plan_of_hr_helper_says_what_the_team_decided() -> None:
    """R-5.3, R-9 and R-10.1 as the team wrote them; each default among them stays what it is."""
    config = read(PLAN)
    windows, access, budgets = windows_of(config), access_of(config), budgets_of(config)
    assert windows is not None
    assert [str(one) for one in windows.recommended] == ["02:00-04:00"]
    assert [str(one) for one in windows.reserve] == ["14:00-16:00"]
    assert [str(one) for one in windows.avoid] == ["09:00-17:00"]
    assert access.may_change("olga", "production")
    assert not access.may_change("ivan", "production")
    assert access.may_change("ivan", "staging")
    assert access.may_change("anybody", "development")
    assert (budgets.preparation_s, budgets.cutover_s, budgets.total_s) == (1800, 900, 4500)
    assert (config.watch.seconds, config.watch.baseline_s) == (1800, 300)
    limits = config.limits
    assert (limits.response_s, limits.page_s) == (0.5, 2)
    assert (limits.memory_mb, limits.cpu_percent) == (512, 50)


def test_what_is_not_written_is_what_the_plan_says() -> None:
    """Backups are kept for 30 days, a day is watched, the channels have their names, and failing
    ends in going back: the defaults. What is written out all the same is a default too."""
    config = read(PLAN)
    written = {"limits", "budgets", "policy"}
    without = Config.model_validate(
        {
            name: table
            for name, table in tomllib.loads(PLAN.read_text("utf-8")).items()
            if name not in written
        }
    )
    assert {name: getattr(without, name) for name in Config.model_fields} == {
        name: getattr(config, name) for name in Config.model_fields
    }
    assert config.vault.retention_days == 30
    assert (config.watch.day_s, config.watch.functional_every_s) == (86_400, 300)
    assert not config.watch.short
    assert config.policy.on_failure == "rollback"
    notices = config.notices
    assert (notices.deployments, notices.alerts) == ("#deployments", "#alerts")
    assert {"failure", "rollback", "rolled-back"} <= set(notices.alert_on)
    assert set(notices.mail_on) == {"*"}
    assert config.access.override == ("devops",)
    assert FULL.latency.slower == 1.5, "more than 50 % (R-7.1)"


def test_it_names_what_hr_helper_has() -> None:
    """A plan for another tree would be found in the night of the deployment."""
    config, tree = read(PLAN), PLAN.parent
    for name in (config.project.manage, config.release.dependencies, config.checks.functional):
        assert (tree / name).exists(), name
    for line in config.checks.imports:
        module = line.split()[1].replace(".", "/")
        assert (tree / f"{module}.py").exists(), line
    assert config.watch.pages, "R-5.3 wants a page loaded"
    assert (tree / config.project.settings.replace(".", "/")).with_suffix(".py").exists()


def test_it_can_be_read_aloud_in_two_minutes() -> None:
    """Whoever decides on a deployment must have read it. 150 words a minute are spoken."""
    words = [
        word
        for line in PLAN.read_text("utf-8").splitlines()
        for word in line.replace("=", " ").split()
        if any(one.isalnum() for one in word)
    ]
    assert len(words) <= 300
