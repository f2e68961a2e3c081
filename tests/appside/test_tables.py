"""What pending migrations make of the tables, as the release's own Django tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.replay.changes import Changes, Filled, Limit, Refusal, TableChange
from tests.appside.project import Project

FIRST = """
from django.db import migrations, models
def key():
    return ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True,
                                      verbose_name="ID"))
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Tag", [key(), ("word", models.CharField(max_length=10))]),
        migrations.CreateModel("Old", [key(), ("tags", models.ManyToManyField("shop.Tag"))]),
        migrations.CreateModel("Item", [key(),
            ("title", models.CharField(max_length=20)), ("size", models.IntegerField()),
            ("price", models.DecimalField(max_digits=6, decimal_places=2)),
            ("made", models.DateTimeField(auto_now_add=True)),
            ("note", models.TextField(blank=True)), ("extra", models.JSONField(default=dict)),
            ("tags", models.ManyToManyField("shop.Tag")),
            ("main", models.ForeignKey("shop.Tag", models.CASCADE, null=True, related_name="+")),
        ]),
    ]
"""


@pytest.fixture
def shop(project: Project, tmp_path: Path) -> Project:
    """The first migration is applied, the second pending."""
    project.write("shop/migrations/0001_initial.py", FIRST)
    project.write("shop/models.py", "")
    project.second("")
    second = project.top / "shop/migrations/0002_second.py"
    second.unlink()
    project.application().migrate(tmp_path / "migrate.log")
    return project


def told(shop: Project, *operations: str) -> Changes:
    shop.second(", ".join(operations))
    return shop.application().table_changes()


def refused(changes: Changes) -> list[tuple[str, str]]:
    return [(one.why, one.table) for one in changes.refusals]


def test_what_is_renamed_added_and_removed_is_followed(shop: Project) -> None:
    """By the states: a migration alone does not say what a column or a table is called."""
    changes = told(
        shop,
        'migrations.RenameField("Item", "title", "name")',
        'migrations.RenameField("Item", "main", "chief")',
        'migrations.RenameModel("Tag", "Word")',
        'migrations.RenameModel("Item", "Thing")',
        'migrations.AddField("Thing", "count", models.IntegerField(default=3))',
        'migrations.AddField("Thing", "at", models.DateTimeField(null=True))',
        'migrations.RemoveField("Thing", "made")',
        'migrations.RemoveField("Thing", "note")',
        'migrations.RemoveField("Thing", "extra")',
        'migrations.AddField("Thing", "extra", models.JSONField(default=list))',
        'migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), '
        '("words", models.ManyToManyField("shop.Word"))])',
        'migrations.DeleteModel("Old")',
        'migrations.AlterModelTable("Word", "words")',
        'migrations.AddIndex("Thing", models.Index(fields=["name"], name="by_name"))',
    )
    assert not changes.refusals
    assert not changes.data
    thing, ends = (("title", "name"), ("main_id", "chief_id")), (
        ("item_id", "thing_id"), ("tag_id", "word_id"),
    )  # fmt: skip
    found = {(one.before, one.after): one for one in changes.tables}
    assert set(found) == {
        ("shop_item", "shop_thing"), ("shop_item_tags", "shop_thing_tags"),
        ("shop_tag", "words"), ("", "shop_new"), ("", "shop_new_words"),
        ("shop_old", ""), ("shop_old_tags", ""),
    }  # fmt: skip
    assert found["shop_tag", "words"] == TableChange("shop_tag", "words")
    assert found["shop_item_tags", "shop_thing_tags"].renamed == ends
    item = found["shop_item", "shop_thing"]
    assert set(item.renamed) == set(thing)
    assert set(item.added) == {
        Filled("count", True, 3, True, 3), Filled("at", True, None, True, None),
        Filled("extra", True, "[]", True, "[]"),
    }  # fmt: skip
    assert set(item.removed) == {
        Filled("made"), Filled("note", True, ""), Filled("extra", True, "{}"),
    }  # fmt: skip


def test_types_whose_values_are_each_others_are_told_from_others(shop: Project) -> None:
    """A column that takes less than the newer one has its limit; another type refuses its table."""
    changes = told(
        shop,
        'migrations.AlterField("Item", "title", models.TextField())',
        'migrations.AlterField("Item", "size", models.PositiveIntegerField())',
        'migrations.AlterField("Item", "price", '
        "models.DecimalField(max_digits=5, decimal_places=2))",
        'migrations.AlterField("Tag", "word", models.SlugField(max_length=5))',
    )
    assert refused(changes) == []
    (item,) = changes.tables
    assert item.limits[0] == Limit("title", 20)
    changes = told(
        shop,
        'migrations.AlterField("Item", "size", models.FloatField())',
        'migrations.AlterField("Tag", "word", models.IntegerField())',
        'migrations.RenameModel("Tag", "Word")',
        'migrations.AlterField("Item", "main", '
        'models.ForeignKey("shop.Old", models.CASCADE, null=True, related_name="+"))',
    )
    assert sorted(refused(changes)) == [
        ("other-model", "shop_item"),
        ("type", "shop_item"),
        ("type", "shop_word"),
    ]
    assert {one.migration for one in changes.refusals} == {"shop.0002_second"}


POINTING = """
from django.db import migrations, models
class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.CreateModel("Shelf", [("id", models.AutoField(primary_key=True)),
            ("row", models.IntegerField(unique=True)),
            ("place", models.IntegerField(unique=True))]),
        migrations.CreateModel("Box", [("id", models.AutoField(primary_key=True)),
            ("shelf", models.ForeignKey("shop.Shelf", models.CASCADE, to_field="row"))]),
        migrations.CreateModel("Lid", [
            ("shelf", models.OneToOneField("shop.Shelf", models.CASCADE, primary_key=True))]),
        migrations.CreateModel("Knob", [("id", models.AutoField(primary_key=True)),
            ("lid", models.ForeignKey("shop.Lid", models.CASCADE))]),
    ]
"""


def pointing(field: str) -> str:
    key = f'models.ForeignKey("shop.Shelf", models.CASCADE, to_field="{field}")'
    return f'migrations.AlterField("Box", "shelf", {key})'


@pytest.mark.parametrize(
    ("operations", "tables"),
    [
        ((pointing("place"),), ["shop_box"]),
        (('migrations.RenameField("Shelf", "row", "line")', pointing("line")), []),
        (
            (
                'migrations.RenameField("Shelf", "row", "line")',
                'migrations.RenameField("Shelf", "place", "row")',
                pointing("row"),
            ),
            ["shop_box"],
        ),
        (
            (
                'migrations.AlterField("Lid", "shelf", models.OneToOneField("shop.Shelf", '
                'models.CASCADE, primary_key=True, to_field="place"))',
            ),
            ["shop_knob", "shop_lid"],
        ),
    ],
)
def test_a_foreign_key_to_another_field_refuses_its_table(
    shop: Project, tmp_path: Path, operations: tuple[str, ...], tables: list[str]
) -> None:
    """The numbers would fit, and name other rows."""
    shop.write("shop/migrations/0002_pointing.py", POINTING)
    shop.application().migrate(tmp_path / "more.log")
    third = shop.top / "shop/migrations/0003_third.py"
    shop.second(", ".join(operations))
    second = shop.top / "shop/migrations/0002_second.py"
    third.write_text(second.read_text().replace("0001_initial", "0002_pointing"))
    second.unlink()
    found = sorted(refused(shop.application().table_changes()))
    assert found == [("other-model", one) for one in tables]


NOOP = "migrations.RunPython(fill, migrations.RunPython.noop)"


def adding(field: str, *more: str, keeps: bool = True) -> tuple[str, ...]:
    return (f'migrations.AddField("Item", "x", {field}, preserve_default={keeps})', *more)


def altering(field: str) -> str:
    return f'migrations.AlterField("Item", "x", {field})'


FILLED = {
    "for once, with null": (
        adding("models.IntegerField(null=True, default=5)", keeps=False), (True, 5)
    ),
    "for once, with blank": (
        adding('models.CharField(max_length=9, blank=True, default="old")', keeps=False),
        (True, "old"),
    ),
    "for once, renamed later": (
        adding(
            "models.IntegerField(default=5)",
            'migrations.RenameField("Item", "x", "y")',
            'migrations.RenameModel("Item", "Thing")',
            'migrations.AlterField("Thing", "y", models.IntegerField(help_text="y"))',
            keeps=False,
        ),
        (True, 5),
    ),
    "by the database before the application": (
        adding("models.IntegerField(default=1, db_default=2)"), (True, 2)
    ),
    "with nothing": (adding("models.IntegerField(null=True)"), (True, None)),
    "with bytes": (adding("models.BinaryField(blank=True)"), (True, {"$bytes": ""})),
    "by another default later": (
        adding("models.BooleanField(default=True)", altering("models.BooleanField(default=False)")),
        (False, None),
    ),
    "once it must not be NULL": (
        adding("models.IntegerField(null=True)", altering("models.IntegerField(default=3)")),
        (False, None),
    ),
    "and rounded": (
        adding(
            "models.DecimalField(max_digits=6, decimal_places=3, default=1.555)",
            altering("models.DecimalField(max_digits=6, decimal_places=2, default=1.555)"),
        ),
        (False, None),
    ),
    "by a data migration": (adding("models.IntegerField(null=True)", NOOP), (False, None)),
    "each by a call": (
        adding("models.UUIDField(null=True, default=__import__('uuid').uuid4)"), (False, None)
    ),
    "by the clock": (adding("models.DateTimeField(null=True, auto_now=True)"), (False, None)),
    "by the order": (('migrations.AlterOrderWithRespectTo("Item", "main")',), (False, None)),
}  # fmt: skip


@pytest.mark.parametrize("how", FILLED)
def test_what_an_added_column_was_filled_with_is_told_by_the_operations(
    shop: Project, how: str
) -> None:
    """The final state has forgotten it, and a value that a user wrote may look like its default."""
    operations, filled = FILLED[how]
    (item,) = (one for one in told(shop, *operations).tables if one.before == "shop_item")
    assert [(one.has_default, one.default) for one in item.added] == [filled]


REFUSED = (
    ("migrations.RunPython(fill)", "no-reverse"),
    ("migrations.RunPython(fill, fill)", "reverse"),
    ('migrations.RunSQL("SELECT 1")', "no-reverse"),
    ('migrations.RunSQL("SELECT 1", "SELECT 1")', "reverse"),
    (
        'migrations.SeparateDatabaseAndState([migrations.RunSQL("SELECT 1", "")])',
        "separate",
    ),
    (
        'type("Mine", (migrations.RunPython,), {})(fill, migrations.RunPython.noop)',
        "unknown",
    ),
)


def test_what_works_on_data_refuses_all(shop: Project) -> None:
    """Nobody knows on which tables."""
    changes = told(shop, *(operation for operation, _ in REFUSED))
    assert refused(changes) == [(why, "") for _, why in REFUSED]


def test_a_reverse_that_needs_nothing_is_left_to_the_rehearsal(shop: Project) -> None:
    """The author says so; the rehearsal looks."""
    changes = told(
        shop,
        "migrations.RunPython(fill, migrations.RunPython.noop)",
        'migrations.RunSQL("SELECT 1", migrations.RunSQL.noop)',
        "migrations.SeparateDatabaseAndState([], [])",
    )
    assert not changes.refusals
    assert not changes.tables
    assert [one.operation.partition(":")[0] for one in changes.data] == ["RunPython", "RunSQL"]
    assert changes.data[0] == Refusal("shop.0002_second", changes.data[0].operation, "data")


def test_without_anything_pending_nothing_changes(shop: Project) -> None:
    """Contenttypes and the rest are the same in both."""
    (shop.top / "shop/migrations").joinpath("0002_second.py").unlink(missing_ok=True)
    assert shop.application().table_changes() == Changes()
