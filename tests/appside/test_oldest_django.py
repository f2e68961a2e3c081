"""The oldest Python and Django that the script promises, made by uv: needs the network.

Not in the ordinary run. PAROM_SLOW_TESTS=1 asks for it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from parom.errors import ParomError
from parom.facts import Migration
from parom.gates.altered_field import AlteredField
from tests.appside.postgresql import ADD_NOTE, ADD_SIZE, Shop
from tests.appside.project import Project

pytestmark = pytest.mark.skipif(
    not os.environ.get("PAROM_SLOW_TESTS"), reason="makes environments over the network"
)


def interpreter(tmp_path: Path, python: str, *packages: str) -> str:
    environment, uv = tmp_path / "environment", find_uv_bin()
    subprocess.run([uv, "venv", "-q", "--python", python, str(environment)], check=True)
    made = str(environment / "bin/python")
    subprocess.run([uv, "pip", "install", "-q", "--python", made, *packages], check=True)
    return made


@pytest.mark.parametrize(("python", "django"), [("3.8", "3.2"), ("3.10", "4.2"), ("3.12", "5.1")])
def test_the_script_runs_in_older_environments(
    project: Project, tmp_path: Path, python: str, django: str
) -> None:
    """The release's interpreter is what it is; Parom has no say in it."""
    application = project.application(interpreter(tmp_path, python, f"django~={django}.0"))
    assert application.project().django_version.startswith(django)
    assert application.check_deploy()
    assert application.urls()
    assert application.collect_static()
    assert not project.database.exists()
    operations = application.migrations().operations
    assert any(isinstance(one, AlteredField) and one.changes_type for one in operations)
    project.at_start("from shop.models import Item; list(Item.objects.all()[:0])")
    assert "shop_item" in {one.after for one in application.table_changes().tables}
    application.migrate(tmp_path / "migrate.log")
    assert not application.table_changes().refusals
    assert application.migrations().pending == ()
    assert application.model_changes() == ()
    application.unmigrate([Migration("shop", "zero")], tmp_path / "back.log")
    assert "shop_item" not in project.tables()


@pytest.mark.parametrize(
    ("python", "django", "driver"),
    [("3.8", "3.2", "psycopg2-binary"), ("3.10", "4.2", "psycopg[binary]")],
)
def test_locks_are_waited_for_and_noted_with_either_driver(
    shop: Shop, tmp_path: Path, python: str, django: str, driver: str
) -> None:
    """Each tells the code of an error, and the number of its session, in its own way."""
    shop.python = interpreter(tmp_path, python, f"django~={django}.0", driver)
    shop.second(ADD_NOTE, ADD_SIZE)
    with shop.stranger("SELECT FROM shop_item") as stranger:
        named = f"session {stranger.info.backend_pid} of postgres"
        with pytest.raises(ParomError, match=named) as caught:
            shop.application(1.0, 0.1).migrate(shop.log)
    assert "tries: 2" in caught.value.fact
    run = shop.application().migrate(shop.log, note_locks=True)
    assert {one.table for one in run.locks or ()} == {"shop_item", "shop_tag"}
