"""A real Django project, asked through a real interpreter."""

from __future__ import annotations

import venv
from pathlib import Path

import pytest

from parom.errors import ParomError
from parom.facts import Migration
from parom.gates.altered_field import AlteredField
from tests.appside.project import WIDEN, Project

SECOND = Migration("shop", "0002_second")


def test_a_project_tells_its_facts_although_it_prints(project: Project) -> None:
    """What applications print must not be taken for the answer."""
    facts = project.application().project()
    assert facts.database.engine == "django.db.backends.sqlite3"
    assert facts.database.name == str(project.database)
    assert facts.static_root == str(project.top / "static")
    assert facts.installed_apps[-1] == "shop"
    assert facts.wsgi_application == "site1.wsgi.application"
    assert facts.django_version.startswith("5.2")
    assert facts.debug is False


@pytest.mark.parametrize("question", ["project", "migrations", "check_deploy", "urls"])
def test_looking_makes_no_database(project: Project, question: str) -> None:
    """SQLite makes an empty file for whoever opens one, and an application may ask at start."""
    project.at_start(
        "from shop.models import Item\n        from django.db import OperationalError\n"
        "        try: Item.objects.count()\n        except OperationalError: pass"
    )
    getattr(project.application(), question)()
    assert not project.database.exists()


def test_everything_is_pending_for_a_database_that_does_not_exist(project: Project) -> None:
    """A first deployment has a plan too."""
    facts = project.application().migrations()
    assert facts.applied == ()
    assert [one for one in facts.pending if one.app == "shop"] == [
        Migration("shop", "0001_initial"),
        SECOND,
    ]
    assert set(facts.pending) == set(facts.on_disk)


def test_nothing_is_pending_after_migrating(project: Project, tmp_path: Path) -> None:
    """The same question decides in doubt whether a migration had happened."""
    run = project.application().migrate(tmp_path / "migrate.log")
    facts = project.application().migrations()
    assert facts.pending == ()
    assert SECOND in facts.applied
    assert SECOND in [migration for migration, _ in run.applied]
    assert run.seconds >= sum(seconds for _, seconds in run.applied) > 0


def test_operations_are_described_with_what_a_gate_needs(project: Project) -> None:
    """The lint judges these records and sees nothing else."""
    project.second(
        f"{WIDEN}, migrations.AddField('Item', 'price', models.IntegerField()), "
        "migrations.AddField('Item', 'note', models.TextField(blank=True)), "
        "migrations.RenameField('Item', 'note', 'remark'), migrations.RunPython(fill), "
        "migrations.SeparateDatabaseAndState("
        "  database_operations=[migrations.RunSQL('SELECT 1')], state_operations=[])"
    )
    facts = project.application().migrations()
    alter, price, note, rename, python, sql = [
        one for one in facts.operations if one.migration == SECOND
    ]
    assert isinstance(alter, AlteredField)
    assert (alter.type_before, alter.type_after) == ("varchar(20)", "varchar(50)")
    assert (price.kind, price.model, price.field) == ("AddField", "Item", "price")
    assert (price.null, price.has_default) == (False, False)
    assert note.has_default is True, "Django fills a blank text with an empty string"
    assert (rename.model, rename.field) == ("Item", "note")
    assert (python.kind, python.reversible, python.atomic) == ("RunPython", False, True)
    assert (sql.kind, sql.reversible) == ("RunSQL", False)


def test_conflicting_migrations_are_named(project: Project) -> None:
    """Django refuses to migrate with two leaves, and must not find out after the stop."""
    first = project.top / "shop/migrations/0002_second.py"
    project.write("shop/migrations/0002_other.py", first.read_text())
    facts = project.application().migrations()
    assert facts.conflicts == (("shop", ("0002_other", "0002_second")),)


def test_a_database_newer_than_the_code_is_seen(project: Project, tmp_path: Path) -> None:
    """Old code on a new database fails in ways that no check foresees."""
    project.application().migrate(tmp_path / "migrate.log")
    for app, name in (("shop", "0009_future"), ("departed", "0001_initial")):
        project.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-01-01')",
            app,
            name,
        )
    unknown = project.application().migrations().unknown
    assert unknown == (Migration("shop", "0009_future"),), "an app that left is nobody's concern"


def test_squashed_migrations_are_not_unknown(project: Project, tmp_path: Path) -> None:
    """After a squash the database still lists what the files no longer have."""
    project.application().migrate(tmp_path / "migrate.log")
    for name in ("0001_initial", "0002_second"):
        (project.top / f"shop/migrations/{name}.py").unlink()
    project.write(
        "shop/migrations/0001_squashed.py",
        "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
        "    replaces = [('shop', '0001_initial'), ('shop', '0002_second')]\n    operations = []\n",
    )
    facts = project.application().migrations()
    assert facts.unknown == ()
    assert facts.pending == ()


def test_a_contradictory_history_is_an_error_of_its_own(project: Project, tmp_path: Path) -> None:
    """Django would refuse it after the stop; the cure is not to look for broken code."""
    project.application().migrate(tmp_path / "migrate.log")
    project.execute("DELETE FROM django_migrations WHERE name = '0001_initial' AND app = 'shop'")
    with pytest.raises(ParomError) as caught:
        project.application().migrations()
    assert caught.value.id == "application.inconsistent-history"


def test_check_deploy_lists_ids_and_levels(project: Project) -> None:
    """The gate goes by ids; the words are for people."""
    found = {one.id: one.level for one in project.application().check_deploy()}
    assert found["security.W004"] == 30


def test_model_changes_without_a_migration_are_told(project: Project) -> None:
    """A new column that needs a default must not end the question as `makemigrations` does."""
    project.write(
        "shop/models.py",
        "from django.db import models\nclass Item(models.Model):\n"
        "    title = models.CharField(max_length=50)\n    price = models.IntegerField()\n",
    )
    (change,) = project.application().model_changes()
    assert "price" in change


def test_imports_are_tried_and_never_run_as_code(project: Project) -> None:
    """R-3.2; a configuration file is no place for code."""
    project.write("logic/__init__.py", "")
    project.write("logic/client.py", "class Client: pass\n")
    project.write("logic/broken.py", "import nowhere_to_be_found\n")
    cases = {
        "from logic.client import Client": "",
        "from logic import client": "",
        "import logic.client as other": "",
        "logic.client": "",
        "logic.client:Client": "",
        "from logic.client import Missing": "ImportError: cannot import name",
        "logic.client:Missing": "ImportError: cannot import name",
        "from logic import broken": "No module named 'nowhere_to_be_found' (logic/broken.py:1)",
        "open('made', 'w')": "SyntaxError: not an import statement",
        "import logic; open('made', 'w')": "SyntaxError: not an import statement",
        "from . import client": "SyntaxError: relative imports",
        "": "ValueError",
    }
    results = project.application().imports(list(cases))
    assert [one.statement for one in results] == list(cases)
    for one in results:
        wanted = cases[one.statement]
        assert (wanted in one.error) if wanted else not one.error, one
    assert not (project.top / "made").exists()


def test_static_files_are_collected_and_a_failure_is_no_failure_to_load(project: Project) -> None:
    """The cure differs: the release loads, one of its files is missing."""
    assert project.application().collect_static() is True
    assert (project.top / "static/style.css").read_text() == "body {}"
    project.write("assets/style.css", "body { background: url('absent.png') }")
    name = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    project.write(
        "site1/settings.py",
        (project.top / "site1/settings.py").read_text()
        + f"STORAGES = {{'staticfiles': {{'BACKEND': '{name}'}}}}\n",
    )
    with pytest.raises(ParomError) as caught:
        project.application().collect_static()
    assert caught.value.id == "application.failed"
    assert "absent.png" in caught.value.fact


def test_routes_tell_which_look_like_a_health_check(project: Project) -> None:
    """`parom init` offers one; a route with parameters cannot be asked."""
    found = project.application().urls()
    assert {one.pattern for one in found} == {
        "/api/health/",
        "/api/items/<int:pk>/",
        "/^status/(.+)$",
    }
    assert [one.pattern for one in found if one.looks_like_health] == ["/api/health/"]


def test_a_thread_of_the_application_keeps_nobody_waiting(project: Project) -> None:
    """Agents that report somewhere start threads which never end."""
    project.at_start("import threading; threading.Thread(target=threading.Event().wait).start()")
    assert project.application().project().debug is False


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("site1/settings.py", "SECRET_KEY = (", "SyntaxError"),
        ("site1/settings.py", "import os\nos.environ['ABSENT']", "site1/settings.py:2"),
        ("shop/models.py", "import not_installed", "'not_installed' (shop/models.py:1)"),
        ("shop/models.py", "raise SystemExit(3)", "SystemExit: 3"),
        ("site1/settings.py", "INSTALLED_APPS = ['absent']", "absent"),
    ],
)
def test_what_does_not_load_is_named_with_the_line(
    project: Project, file: str, text: str, said: str
) -> None:
    """The last frame of the application's own code is where the reader has to look."""
    project.write(file, text + "\n")
    with pytest.raises(ParomError) as caught:
        project.application().project()
    assert caught.value.id == "application.does-not-load"
    assert said in caught.value.fact


def test_settings_that_are_not_there_point_to_parom_toml(project: Project) -> None:
    """The commonest mistake of a first configuration has its own cure."""
    (project.top / "site1/settings.py").unlink()
    with pytest.raises(ParomError) as caught:
        project.application().project()
    assert "project.settings" in caught.value.cure


def test_an_environment_without_django_says_so(project: Project, tmp_path: Path) -> None:
    """An environment built from the wrong lock file is found before anything is stopped."""
    venv.create(tmp_path / "bare", with_pip=False)
    with pytest.raises(ParomError) as caught:
        project.application(str(tmp_path / "bare/bin/python")).project()
    assert caught.value.id == "application.does-not-load"
    assert "no Django" in caught.value.cure


def test_an_interpreter_that_is_not_there_does_not_answer(project: Project) -> None:
    """There is no answer file, and the reason is what the host said."""
    with pytest.raises(ParomError) as caught:
        project.application("/nonexistent/python").project()
    assert caught.value.id == "application.no-answer"


def test_secrets_of_the_environment_file_stand_in_no_error(
    project: Project, tmp_path: Path
) -> None:
    """R-10.3: an application may well put its key into an exception."""
    env_file = tmp_path / ".env"
    env_file.write_text("API_TOKEN='hush-hush-1'\nQUEUE=redis://me:hush-2@localhost/0\n")
    project.write(
        "shop/models.py",
        "import os\nraise ValueError(os.environ['API_TOKEN'] + os.environ['QUEUE'])\n",
    )
    with pytest.raises(ParomError) as caught:
        project.application(env_file=env_file).project()
    assert caught.value.fact.count("***") == 2
    assert "hush" not in str(caught.value)
