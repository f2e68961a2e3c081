"""Who may do what to which environment."""

from __future__ import annotations

import pytest

from parom.plan.access import Access

TEAM = Access(
    roles={"devops": ("olga",), "lead": ("ivan",), "team": ("*",)},
    deploy={"production": ("devops",), "staging": ("devops", "lead"), "development": ("*",)},
    override=("devops",),
    approve={"production": ("lead", "devops")},
)


@pytest.mark.parametrize(
    ("who", "environment", "may"),
    [
        ("olga", "production", True),
        ("ivan", "production", False),
        ("anna", "production", False),
        ("olga", "staging", True),
        ("ivan", "staging", True),
        ("anna", "staging", False),
        ("anna", "development", True),
        ("olga", "another", False),
    ],
)
def test_each_environment_names_its_roles(who: str, environment: str, may: bool) -> None:
    assert TEAM.may_change(who, environment) is may


def test_everybody_means_everybody_with_a_role() -> None:
    few = Access({"devops": ("olga",)}, {"development": ("*",)}, (), {})
    assert few.may_change("olga", "development")
    assert not few.may_change("anna", "development")


def test_nobody_approves_their_own() -> None:
    """Four eyes."""
    assert TEAM.may_approve("ivan", "production", asked_by="olga")
    assert not TEAM.may_approve("olga", "production", asked_by="olga")
    assert not TEAM.may_approve("anna", "production", asked_by="olga")
    assert not TEAM.may_approve("ivan", "staging", asked_by="olga")


def test_an_override_is_a_right_of_its_own() -> None:
    assert TEAM.may_override("olga")
    assert not TEAM.may_override("ivan")


def test_without_roles_there_are_no_rules() -> None:
    """Then the machine's own rights decide: who owns the installation acts."""
    none = Access({}, {"production": ("devops",)}, (), {"production": ("devops",)})
    assert none.may_change("anybody", "production")
    assert none.may_override("anybody")
    assert none.approvers("production") == ()
