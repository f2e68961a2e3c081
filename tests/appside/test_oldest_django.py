"""The oldest Python and Django that the script promises, made by uv: needs the network.

Not in the ordinary run. PAROM_SLOW_TESTS=1 asks for it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from parom.facts import Migration
from parom.gates.altered_field import AlteredField
from tests.appside.project import Project

pytestmark = pytest.mark.skipif(
    not os.environ.get("PAROM_SLOW_TESTS"), reason="makes environments over the network"
)


@pytest.mark.parametrize(("python", "django"), [("3.8", "3.2"), ("3.10", "4.2"), ("3.12", "5.1")])
def test_the_script_runs_in_older_environments(
    project: Project, tmp_path: Path, python: str, django: str
) -> None:
    """The release's interpreter is what it is; Parom has no say in it."""
    environment, uv = tmp_path / "environment", find_uv_bin()
    subprocess.run([uv, "venv", "-q", "--python", python, str(environment)], check=True)
    interpreter = environment / "bin/python"
    subprocess.run(
        [uv, "pip", "install", "-q", "--python", str(interpreter), f"django~={django}.0"],
        check=True,
    )
    application = project.application(str(interpreter))
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
