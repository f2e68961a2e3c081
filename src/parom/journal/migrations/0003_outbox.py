"""The outbox: letters on their way, and the runs that they are about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0002_samples_of_every_kind"),
    ]

    operations = [
        migrations.CreateModel(
            name="Followed",
            fields=[
                ("run_id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("composed", models.IntegerField(default=0)),
                ("epoch", models.IntegerField()),
                ("is_over", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=160)),
                ("place", models.CharField(max_length=100)),
                ("run_id", models.CharField(db_index=True, max_length=40)),
                ("topic", models.CharField(max_length=20)),
                ("message", models.JSONField()),
                ("under", models.CharField(blank=True, max_length=160)),
                ("revision", models.IntegerField(default=1)),
                ("delivered_revision", models.IntegerField(default=0)),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("receipt", models.CharField(blank=True, max_length=40)),
                ("queued", models.DateTimeField(db_index=True)),
                ("due", models.DateTimeField()),
                ("attempts", models.IntegerField(default=0)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("delivered", models.DateTimeField(null=True)),
                ("is_given_up", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("key", "place"), name="one_letter")
                ],
            },
        ),
    ]
