"""What the gates find is what each question says by itself, where it would stop a deployment."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parom.adapters.hosts.local import LocalHost
from parom.appside.application import Application
from parom.config.reading import read
from parom.errors import ParomError
from parom.facts import Release
from parom.plan.plan import Kind, Plan
from parom.steps.gates import JudgeCode
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry, write_project

_CHECK = """
import os
from django.core import checks
loaded = os.getpid()

def forked(app_configs, **_):
    wrong = os.getpid() {where} loaded
    return [checks.Error("it was forked", id="x.E1")] if wrong else []

checks.register(forked)
"""


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """A release that has no environment of its own: it runs with the tests'."""
    ferry = make_ferry(tmp_path)
    write_project(ferry.source, 1)

    def application(release: Path, env: Mapping[str, str]) -> Application:
        return Application(
            Path(sys.executable), release, "site1.settings", LocalHost(), env={**env}
        )

    installation = installation_of(read(ferry.config))
    release = installation.layout.path_of("new")
    release.parent.mkdir(parents=True, exist_ok=True)
    ferry.source.rename(release)
    (release / "db.sqlite3").symlink_to(ferry.root / "shared" / "db.sqlite3")
    installation.layout.record(Release("new", "r", "a test", datetime.now(UTC)))
    return Context(
        installation=replace(installation, application=application),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "new", "a test"),
        results={},
        tell=lambda _kind, _data: None,
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )


def release_of(context: Context) -> Path:
    return context.installation.layout.path_of("new")


def test_what_only_a_fork_says_stops_nothing(context: Context) -> None:
    """A library that does not live through one may answer wrongly."""
    with (release_of(context) / "notes" / "models.py").open("a") as file:
        file.write(_CHECK.format(where="!="))
    assert JudgeCode().run(context)["pending"]


def test_what_is_wrong_stops_as_ever(context: Context) -> None:
    with (release_of(context) / "notes" / "models.py").open("a") as file:
        file.write(_CHECK.format(where="=="))
        file.write("checks.register(lambda app_configs, **_: [checks.Error('no', id='x.E2')])\n")
    with pytest.raises(ParomError) as caught:
        JudgeCode().run(context)
    assert caught.value.id == "gates.failed"
    assert "x.E2" in str(caught.value)
