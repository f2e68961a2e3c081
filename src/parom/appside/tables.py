"""What the pending migrations make of the tables: asked of the release's own Django.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+). Tables and
columns are followed through the operations, and named as the states before and after name them;
what is the same in both is left out. The answer is the record of `parom.replay.changes.Changes`.
"""

from parom_inside import beside, connection_if_there, set_up

columns, following, pending = beside("columns"), beside("following"), beside("pending")


def tables():
    set_up()
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState

    loader = MigrationLoader(connection_if_there(), ignore_no_migrations=True)
    applied = set(loader.applied_migrations or ())
    before = ProjectState(real_apps=set(loader.unmigrated_apps))
    ahead = []
    for migration in pending.full_plan(loader):
        if (migration.app_label, migration.name) in applied:
            migration.mutate_state(before, preserve=False)
        else:
            ahead.append(migration)
    after, followed = before.clone(), following.Followed(before)
    older = before.apps  # made now: an operation may alter fields that both states share
    for migration in ahead:
        for each in migration.operations:
            followed.follow(migration, each)
            each.state_forwards(migration.app_label, after)
    compared = Tables(followed, older, after.apps)
    compared.compare()
    refusals = followed.refusals + compared.refusals
    return {"tables": compared.found, "refusals": refusals, "data": followed.data}


class Tables:
    """Compares the tables of two states, each with the one that it comes from."""

    def __init__(self, followed, before, after):
        self.followed, self.before, self.after = followed, before, after
        self.found, self.refusals, self.kept = [], [], set()
        self.origins = followed.before

    def compare(self):
        for key, entry in sorted(self.followed.models.items()):
            newer = self.after.get_model(*key)
            older = self.before.get_model(*entry["origin"]) if entry["origin"] else None
            if older is not None and entry["turned"]:
                self._turned(older, newer, entry["turned"])
            elif has_table(newer) and (older is None or has_table(older)):
                self._model(older, newer, entry)
        for key in sorted(self.origins):
            model = self.before.get_model(*key)
            for table in tables_of(model) if has_table(model) else ():
                if table not in self.kept:
                    self.found.append(change(table, ""))

    def _turned(self, older, newer, told):
        """Nobody knows which of the operations before and after it reached the tables."""
        self.kept.update(tables_of(older))
        self.refusals.extend(
            dict(told, why="separate", table=table)
            for table in sorted({*tables_of(older), *tables_of(newer)})
        )

    def _model(self, older, newer, entry):
        if older is None:
            self.found.extend(change("", table) for table in tables_of(newer))
            return
        self._table(older, newer, entry)
        before = {one.name: one for one in older._meta.local_many_to_many}
        for field in newer._meta.local_many_to_many:
            through = field.remote_field.through
            if not through._meta.auto_created:
                continue
            origin = before.get(entry["fields"].get(field.name) or "")
            if origin is None or not origin.remote_field.through._meta.auto_created:
                self.found.append(change("", through._meta.db_table))
                continue
            ends = {
                field.m2m_field_name(): origin.m2m_field_name(),
                field.m2m_reverse_field_name(): origin.m2m_reverse_field_name(),
            }
            told = entry["altered"].get(field.name)
            altered = dict.fromkeys(ends, told) if told else {}
            entered = dict(following.entry(None, ends, {}), altered=altered)
            self._table(origin.remote_field.through, through, entered)

    def _table(self, older, newer, entry):
        """`entry` gives a field's name before; one that it does not know kept its name."""
        self.kept.add(older._meta.db_table)
        found = change(older._meta.db_table, newer._meta.db_table)
        before = {one.name: one for one in columns_of(older)}
        left = dict(before)
        for field in columns_of(newer):
            origin = before.get(entry["fields"].get(field.name, field.name) or "")
            if origin is None:
                made = self._made(entry, field.name)
                found["added"].append(columns.added(field, made))
                continue
            left.pop(origin.name, None)
            if origin.column != field.column:
                found["renamed"].append([origin.column, field.column])
            why = self._other(origin, field)
            if why:
                told = entry["altered"].get(field.name) or {"migration": "", "operation": ""}
                where = {"table": newer._meta.db_table, "detail": field.column}
                self.refusals.append(dict(told, why=why, **where))
            found["limits"].extend(columns.limits(origin, field))
        found["removed"] = [columns.removed(one) for one in left.values()]
        if found != change(found["before"], found["before"]):
            self.found.append(found)

    def _made(self, entry, name):
        """A field as it was added, which tells what filled it; None where that is not all."""
        if self.followed.data or self.followed.refusals or name not in entry["made"]:
            return None
        added, *altered = entry["made"][name]
        return added.field if all(columns.fills_alike(added, one) for one in altered) else None

    def _other(self, older, newer):
        """Why a value of the newer column is none of the older; empty where it is one."""
        if self._points_elsewhere(older, newer):
            return "other-model"
        older, newer = columns.pointed(older), columns.pointed(newer)
        if columns.is_same(older, newer) or columns.family(older) == columns.family(newer) != "":
            return ""
        return "type"

    def _points_elsewhere(self, older, newer):
        """Whether foreign keys lead to different models, or to different fields of one."""
        while older.remote_field and newer.remote_field:
            target = older.remote_field.model._meta
            before = (target.app_label, target.model_name)
            if self.followed.origin_of(newer.remote_field.model) != before:
                return True
            older, newer = older.target_field, newer.target_field
            if self.followed.name_before(newer) != older.name:
                return True
        return False


def change(before, after):
    return {
        "before": before, "after": after, "renamed": [], "added": [], "removed": [], "limits": []
    }  # fmt: skip


def has_table(model):
    return model._meta.managed and not model._meta.proxy and not model._meta.swapped


def tables_of(model):
    """Its own, and those of its many-to-many fields."""
    throughs = [one.remote_field.through for one in model._meta.local_many_to_many]
    return [
        model._meta.db_table,
        *(one._meta.db_table for one in throughs if one._meta.auto_created),
    ]


def columns_of(model):
    return [one for one in model._meta.local_concrete_fields if one.column]
