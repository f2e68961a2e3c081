"""Where a benchmark came from. Additive: r2 runs with it, too."""

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
