"""Salary ranges get derived currencies and a midpoint; benchmarks a location and an index."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Round

CURRENCIES = [("BYN", "BYN"), ("USD", "USD"), ("PLN", "PLN"), ("EUR", "EUR")]


def fill_midpoints(apps, schema_editor):
    """The midpoint of every range that is there, rounded half up to a cent.

    In whole cents: SQLite keeps 1000.00 as the integer 1000, and halves integers downwards.
    """
    cents = Cast(Round(F("min_usd") * 100) + Round(F("max_usd") * 100), models.BigIntegerField())
    halved = Cast((cents + 1) / 2, models.FloatField())
    ranges = apps.get_model("finance", "SalaryRange").objects.all()
    ranges.update(midpoint_usd=halved / Value(100.0))


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_initial")]

    operations = [
        migrations.AddField(
            model_name="salaryrange",
            name="midpoint_usd",
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
        ),
        migrations.RunPython(fill_midpoints, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SalaryAmount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("currency", models.CharField(choices=CURRENCIES, max_length=3)),
                ("minimum", models.DecimalField(decimal_places=2, max_digits=14)),
                ("maximum", models.DecimalField(decimal_places=2, max_digits=14)),
                ("rates_of", models.DateTimeField()),
                (
                    "salary_range",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amounts",
                        to="finance.salaryrange",
                    ),
                ),
            ],
            options={"ordering": ("currency",)},
        ),
        migrations.AddConstraint(
            model_name="salaryamount",
            constraint=models.UniqueConstraint(
                fields=("salary_range", "currency"), name="one_amount_each"
            ),
        ),
        migrations.RenameField(model_name="benchmark", old_name="city", new_name="location"),
        migrations.AddIndex(
            model_name="benchmark",
            index=models.Index(fields=["type", "id"], name="benchmark_kind"),
        ),
    ]
