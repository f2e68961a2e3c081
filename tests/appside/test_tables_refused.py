"""What the models do not say of a table: its rows are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.appside.application import Application
from parom.replay.changes import Changes
from tests.appside.project import Project

FIELDS = """
from django.db import models
class Secret(models.CharField):
    def __init__(self, *args, key="", **more):
        self.key = key
        super().__init__(*args, **more)
    def deconstruct(self):
        name, path, args, more = super().deconstruct()
        return name, path, args, {**more, "key": self.key}
"""
FIRST = """
from django.db import migrations, models
from shop.fields import Secret
def key():
    return ("id", models.BigAutoField(primary_key=True))
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Tag", [key()]),
        migrations.CreateModel("Ours", [key(), ("a", models.IntegerField()),
            ("b", models.IntegerField()), ("tags", models.ManyToManyField("shop.Tag")),
            ("word", Secret(max_length=9, key="one"))]),
        migrations.CreateModel("Theirs", [key(), ("a", models.IntegerField()),
            ("b", models.IntegerField())], options={"managed": False}),
    ]
"""
OURS, SWAP = (
    'migrations.AlterModelOptions("Ours", {"managed": False})',
    (
        'migrations.RenameField("Ours", "a", "c")',
        'migrations.RenameField("Ours", "b", "a")',
        'migrations.RenameField("Ours", "c", "b")',
    ),
)


@pytest.fixture
def shop(project: Project, tmp_path: Path) -> Project:
    """The first migration is applied, the second pending."""
    project.write("shop/fields.py", FIELDS)
    project.write("shop/migrations/0001_initial.py", FIRST)
    project.write("shop/models.py", "")
    (project.top / "shop/migrations/0002_second.py").unlink()
    application: Application = project.application()
    application.migrate(tmp_path / "migrate.log")
    return project


def told(shop: Project, *operations: str) -> Changes:
    shop.second(", ".join(operations))
    second = shop.top / "shop/migrations/0002_second.py"
    second.write_text("from shop.fields import Secret\n" + second.read_text())
    return shop.application().table_changes()


@pytest.mark.parametrize(
    ("operations", "tables"),
    [
        ((*SWAP, OURS), {"shop_ours", "shop_ours_tags"}),
        ((OURS, 'migrations.AlterModelOptions("Ours", {})'), {"shop_ours", "shop_ours_tags"}),
        (
            (
                'migrations.AlterModelOptions("Theirs", {"managed": True})',
                'migrations.RenameField("Theirs", "a", "c")',
                'migrations.RenameModel("Theirs", "Mine")',
            ),
            {"shop_theirs", "shop_mine"},
        ),
        (('migrations.AlterModelOptions("Ours", {"ordering": ["a"]})',), set()),
        (
            ('migrations.AlterModelOptions("Theirs", {"ordering": ["a"], "managed": False})',),
            set(),
        ),
    ],
)
def test_a_table_that_django_begins_or_ceases_to_look_after(
    shop: Project, operations: tuple[str, ...], tables: set[str]
) -> None:
    """Whether a column was renamed in the database hangs on which side of it the renaming is."""
    changes = told(shop, *operations)
    assert {one.table for one in changes.refusals} == tables
    assert {one.why for one in changes.refusals} <= {"separate"}
    assert not changes.tables


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ('Secret(max_length=9, key="two")', ["type"]),
        ('Secret(max_length=9, key="one", null=True, verbose_name="hidden")', []),
    ],
)
def test_a_field_of_others_stores_alike_only_with_the_same_arguments(
    shop: Project, field: str, why: list[str]
) -> None:
    """One that encrypts has its key there: what is written with the newer is noise to the older."""
    changes = told(shop, f'migrations.AlterField("Ours", "word", {field})')
    assert [one.why for one in changes.refusals] == why
