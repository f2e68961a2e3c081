"""The first customer's plan is a configuration that Parom reads."""

from __future__ import annotations

from pathlib import Path

from parom.config.reading import read
from parom.steps.rules import access_of, budgets_of, windows_of

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


def test_it_can_be_read_aloud_in_two_minutes() -> None:
    """Whoever decides on a deployment must have read it. 150 words a minute are spoken."""
    words = [
        word
        for line in PLAN.read_text("utf-8").splitlines()
        for word in line.replace("=", " ").split()
        if any(one.isalnum() for one in word)
    ]
    assert len(words) <= 300
