"""Samples of memory, logs, pages and checks beside probes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("journal", "0001_initial"),)

    operations = (
        migrations.AddField("sample", "data", models.TextField(blank=True, default="")),
        migrations.AddField("sample", "kind", models.CharField(default="probe", max_length=10)),
    )
