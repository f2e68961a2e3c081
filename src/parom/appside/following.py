"""Follows models and fields through the pending operations.

A part of `tables.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

HARMLESS = {
    "AddConstraint", "AddConstraintNotValid", "AddIndex", "AddIndexConcurrently",
    "AlterConstraint", "AlterField", "AlterIndexTogether", "AlterModelManagers",
    "AlterModelTable", "AlterModelTableComment", "AlterOrderWithRespectTo",
    "AlterUniqueTogether", "BloomExtension", "BtreeGinExtension",
    "BtreeGistExtension", "CITextExtension", "CreateCollation", "CreateExtension",
    "CryptoExtension", "HStoreExtension", "RemoveConstraint", "RemoveIndex",
    "RemoveIndexConcurrently", "RenameIndex", "TrigramExtension", "UnaccentExtension",
    "ValidateConstraint",
}  # fmt: skip
"""Operations after which each row is still the same row; columns are compared at the end."""
OWN = ("django.db.migrations.operations.", "django.contrib.postgres.operations")


def entry(origin, fields, options):
    """A model: where its fields come from, what altered them, what added and altered new ones.

    `turned` is the operation by which Django began or ceased to look after its table.
    """
    managed = options.get("managed", True)
    return {
        "origin": origin, "fields": fields, "altered": {}, "made": {},
        "managed": managed, "turned": None,
    }  # fmt: skip


class Followed:
    """Where each model and field comes from; None for what the migrations make."""

    def __init__(self, before):
        self.models = {
            key: entry(key, {name: name for name in state.fields}, state.options)
            for key, state in before.models.items()
        }
        self.before = frozenset(self.models)
        self.refusals, self.data = [], []

    def follow(self, migration, each):
        kind = type(each).__name__
        is_own = type(each).__module__.startswith(OWN)
        method = getattr(self, "_" + kind, None) if is_own else None
        told = {
            "migration": "%s.%s" % (migration.app_label, migration.name),
            "operation": "%s: %s" % (kind, str(each.describe())[:200]),
        }
        if method:
            method(migration.app_label, each, told)
        elif not is_own or kind not in HARMLESS:
            self._refuse(told, "unknown")

    def _refuse(self, told, why):
        self.refusals.append(dict(told, why=why, table=""))

    def _RunPython(self, _app, each, told):  # noqa: N802 - by the name of the operation
        from django.db.migrations import RunPython

        if each.reverse_code is None:
            self._refuse(told, "no-reverse")
        elif each.reverse_code is not RunPython.noop:
            self._refuse(told, "reverse")
        else:
            self.data.append(dict(told, why="data", table=""))

    def _RunSQL(self, _app, each, told):  # noqa: N802
        if each.reverse_sql is None:
            self._refuse(told, "no-reverse")
        elif each.reverse_sql or each.state_operations:
            self._refuse(told, "reverse")
        else:
            self.data.append(dict(told, why="data", table=""))

    def _SeparateDatabaseAndState(self, _app, each, told):  # noqa: N802
        if each.database_operations or each.state_operations:
            self._refuse(told, "separate")

    def _CreateModel(self, app, each, _told):  # noqa: N802
        self.models[app, each.name_lower] = entry(
            None, {name: None for name, _ in each.fields}, each.options
        )

    def _DeleteModel(self, app, each, _told):  # noqa: N802
        self.models.pop((app, each.name_lower), None)

    def _RenameModel(self, app, each, _told):  # noqa: N802
        self.models[app, each.new_name_lower] = self.models.pop((app, each.old_name_lower))

    def _AddField(self, app, each, _told):  # noqa: N802
        model = self.models[app, each.model_name_lower]
        model["fields"][each.name] = None
        model["made"][each.name] = [each]

    def _RemoveField(self, app, each, _told):  # noqa: N802
        model = self.models[app, each.model_name_lower]
        for names in (model["fields"], model["made"]):
            names.pop(each.name, None)

    def _RenameField(self, app, each, _told):  # noqa: N802
        model = self.models[app, each.model_name_lower]
        for names in (model["fields"], model["altered"], model["made"]):
            if each.old_name in names:
                names[each.new_name] = names.pop(each.old_name)

    def _AlterField(self, app, each, told):  # noqa: N802
        model = self.models[app, each.model_name_lower]
        model["altered"][each.name] = told
        if each.name in model["made"]:
            model["made"][each.name].append(each)

    def _AlterModelOptions(self, app, each, told):  # noqa: N802
        model = self.models[app, each.name_lower]
        managed = each.options.get("managed", True)
        if managed != model["managed"]:
            model.update(managed=managed, turned=told)

    def origin_of(self, model):
        entry = self.models.get((model._meta.app_label, model._meta.model_name))
        return entry["origin"] if entry else (model._meta.app_label, model._meta.model_name)

    def name_before(self, field):
        """What a field was called; None for one that the migrations make."""
        meta = field.model._meta
        entry = self.models.get((meta.app_label, meta.model_name))
        return entry["fields"].get(field.name, field.name) if entry else field.name
