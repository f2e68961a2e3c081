"""What is pending of a release's migrations, in order, and each operation of it.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

from parom_inside import connection_if_there, set_up


def migrations():
    set_up()
    from django.db.migrations.loader import MigrationLoader

    connection = connection_if_there()
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    conflicts = loader.detect_conflicts()
    if connection is not None:
        loader.check_consistent_history(connection)
    applied = sorted(loader.applied_migrations or ())
    replaced = {old for one in loader.disk_migrations.values() for old in one.replaces}
    apps = set(loader.migrated_apps) | set(loader.unmigrated_apps)
    unknown = [
        key
        for key in applied
        if key not in loader.disk_migrations and key not in replaced and key[0] in apps
    ]
    pending, operations = ([], []) if conflicts else planned(loader, set(applied))
    return {
        "applied": [list(key) for key in applied],
        "on_disk": [list(key) for key in sorted(loader.disk_migrations)],
        "pending": pending,
        "conflicts": [[app, sorted(names)] for app, names in sorted(conflicts.items())],
        "unknown": [list(key) for key in unknown],
        "operations": operations,
    }


def planned(loader, applied):
    """What is pending, in the order in which Django runs it, and each operation of it.

    Models are followed through the states, since a migration does not say what a column was.
    """
    from django.db.migrations.state import ProjectState

    models = ProjectState(real_apps=set(loader.unmigrated_apps))
    pending, operations = [], []
    for migration in full_plan(loader):
        if (migration.app_label, migration.name) in applied:
            migration.mutate_state(models, preserve=False)
            continue
        pending.append([migration.app_label, migration.name])
        for each in migration.operations:
            operations.extend(operation(migration, one, models) for one in on_database(each))
            each.state_forwards(migration.app_label, models)
    return pending, operations


def full_plan(loader):
    seen, plan = set(), []
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key not in seen:
                seen.add(key)
                plan.append(loader.graph.nodes[key])
    return plan


def on_database(each):
    """The operation, or those that a SeparateDatabaseAndState runs on the database."""
    inner = getattr(each, "database_operations", None)
    return [each] if inner is None else [one for part in inner for one in on_database(part)]


def operation(migration, each, models):
    from django.db.migrations.operations.fields import FieldOperation

    field = getattr(each, "field", None)
    of_field = isinstance(each, FieldOperation)
    model = getattr(each, "model_name", "") or getattr(each, "old_name", "")
    return {
        "migration": [migration.app_label, migration.name],
        "kind": type(each).__name__,
        "described": str(each.describe())[:200],
        "reversible": bool(each.reversible),
        "atomic": bool(migration.atomic),
        "model": str(model or getattr(each, "name", "") or ""),
        "field": str(each.name) if of_field else "",
        "null": bool(field.null) if field is not None else None,
        "has_default": has_default(field) if field is not None else None,
        "types": altered_types(migration, each, models),
    }


def has_default(field):
    """Whether rows that exist get a value: a default, one of the database, or no column."""
    from django.db.models.fields import NOT_PROVIDED

    db_default = getattr(field, "db_default", NOT_PROVIDED)  # Django 5.0 and newer
    derived = getattr(field, "generated", False) or getattr(field, "many_to_many", False)
    empty = field.blank and field.empty_strings_allowed  # Django writes an empty string
    return bool(field.has_default() or db_default is not NOT_PROVIDED or derived or empty)


def altered_types(migration, each, models):
    """A column's type before and after an AlterField; None for other operations."""
    from django.db.migrations.operations import AlterField

    key = (migration.app_label, getattr(each, "model_name", "").lower())
    if not isinstance(each, AlterField) or key not in models.models:
        return None
    fields = dict(models.models[key].fields)
    return [type_of(fields[each.name]), type_of(each.field)] if each.name in fields else None


def type_of(field):
    from django.db import connection

    if field.remote_field is not None:
        return ("%s to %s" % (type(field).__name__, field.remote_field.model)).lower()
    return str(field.db_type(connection) or "")
