"""Salary ranges get derived currencies and a midpoint; benchmarks a location and an index."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F

CURRENCIES = [("BYN", "BYN"), ("USD", "USD"), ("PLN", "PLN"), ("EUR", "EUR")]


def fill_midpoints(apps, schema_editor):
    """The midpoint of every range that is there."""
    ranges = apps.get_model("finance", "SalaryRange").objects.all()
    ranges.update(midpoint_usd=(F("min_usd") + F("max_usd")) / 2)


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
            index=models.Index(fields=["type", "is_active"], name="benchmark_kind"),
        ),
    ]
