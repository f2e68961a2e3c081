"""The roles, as groups."""

from django.db import migrations

# As they were when this was written: a later change of Role is a migration of its own.
ROLES = ("administrator", "recruiter", "finance", "viewer")


def add_roles(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]

    # Back: the groups stay, since people may have been put into them.
    operations = [migrations.RunPython(add_roles, migrations.RunPython.noop)]
