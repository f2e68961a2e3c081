"""What the gates ask is asked of an application that is loaded once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from parom.appside import application as asking
from parom.appside.application import Application
from parom.errors import ParomError
from tests.appside.project import Project

IMPORTS = ["shop.models:Item", "shop.missing"]
ASKS: dict[str, Callable[[Application], Any]] = {
    "project": Application.project,
    "migrations": Application.migrations,
    "model_changes": Application.model_changes,
    "table_changes": Application.table_changes,
    "check_deploy": Application.check_deploy,
    "imports": lambda one: one.imports(IMPORTS),
}


@pytest.fixture
def counted(project: Project) -> Callable[[], int]:
    """How often the application was loaded."""
    loads = project.top / "loads"
    project.at_start(f"open({str(loads)!r}, 'a').write('.')")
    return lambda: len(loads.read_text()) if loads.exists() else 0


def test_it_answers_as_when_each_is_asked_by_itself(
    project: Project, counted: Callable[[], int]
) -> None:
    """Loading a large application takes seconds."""
    together = project.application().asked_together(IMPORTS)
    found = {name: ask(together) for name, ask in ASKS.items()}
    assert counted() == 1
    assert found == {name: ask(project.application()) for name, ask in ASKS.items()}
    assert counted() == 1 + len(ASKS)


def test_one_that_ends_its_process_takes_no_other_along(
    project: Project, counted: Callable[[], int]
) -> None:
    """It is asked once more, and what is wrong is told as ever."""
    project.write("logic/__init__.py", "import os\nos._exit(3)\n")
    together = project.application().asked_together(["logic"])
    assert together.project() == project.application().project()
    assert together.migrations().pending
    before = counted()
    with pytest.raises(ParomError) as caught:
        together.imports(["logic"])
    assert caught.value.id == "application.no-answer"
    assert counted() == before + 1


def test_what_one_question_leaves_behind_no_other_sees(project: Project) -> None:
    """The one about models asks in no language; messages are for people who have one."""
    project.at_start(
        "from django.core import checks\n"
        "        from django.utils import translation\n"
        "        checks.register(lambda app_configs, **_:"
        " [checks.Info(translation.get_language() or 'none', id='x.I1')])"
    )
    together = project.application().asked_together([])
    assert [one.message for one in together.check_deploy() if one.id == "x.I1"] == ["en-us"]


def test_each_sees_the_arguments_that_it_would_see_by_itself(project: Project) -> None:
    """`if "check" in sys.argv` is how applications find out what is going on."""
    project.at_start(
        "import sys\n        from django.core import checks\n"
        "        checks.register(lambda app_configs, **_:"
        " [checks.Info(sys.argv[1], id='x.I1')])"
    )
    for one in (project.application(), project.application().asked_together([])):
        assert [seen.message for seen in one.check_deploy() if seen.id == "x.I1"] == ["check"]


def test_what_does_not_load_is_told_by_the_first_that_asks(project: Project) -> None:
    project.at_start("raise RuntimeError('no')")
    together = project.application().asked_together(IMPORTS)
    with pytest.raises(ParomError) as caught:
        together.project()
    assert caught.value.id == "application.does-not-load"


def test_an_application_with_threads_is_not_forked(project: Project) -> None:
    """In a fork they are gone, and SQLite takes back the transaction that one of them was in."""
    project.at_start(
        "import threading\n"
        "        threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    assert not project.application().asked_together(IMPORTS).known


def test_one_that_hangs_is_asked_by_itself(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library may not live through the fork."""
    monkeypatch.setattr(asking, "_TOGETHER_LIMIT_S", 3.0)
    project.at_start(
        "import os, time\n        from django.core import checks\n"
        "        loaded = os.getpid()\n"
        "        checks.register(lambda app_configs, **_:"
        " time.sleep(600) if os.getpid() != loaded else [])"
    )
    together = project.application().asked_together([])
    assert ("check",) not in together.known
    assert together.check_deploy()
