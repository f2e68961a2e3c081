"""Where a benchmark came from. r2 can read beside this column, but not write benchmarks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_amounts_location_index")]

    operations = [
        migrations.AddField(
            model_name="benchmark",
            name="origin",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
    ]
