"""Columns of two states: whether the values of one are those of the other, and what fills one.

A part of `tables.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

import base64

TEXTS = {"CharField", "TextField", "SlugField", "FileField", "FilePathField"}
INTEGERS = {
    "AutoField", "BigAutoField", "BigIntegerField", "IntegerField", "PositiveBigIntegerField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "SmallAutoField", "SmallIntegerField",
}  # fmt: skip
CONSTANT = (dict, list, str, int, float, bool)
"""Default callables that give the same each time."""
UNKNOWN = (False, None)
LABELS = {
    "blank", "db_column", "db_default", "db_index", "default", "editable", "error_messages",
    "help_text", "null", "unique", "validators", "verbose_name",
}  # fmt: skip
"""Arguments of a field that say nothing of how it stores a value."""


def pointed(field):
    """The field whose values a foreign key holds."""
    while field.remote_field is not None and getattr(field, "target_field", None) is not None:
        field = field.target_field
    return field


def is_same(older, newer):
    from django.db import connection

    if type(older) is not type(newer):
        return False
    if not is_djangos(older) and not is_like(older, newer):
        return False
    if older.get_internal_type() == "DecimalField":
        whole = older.max_digits - older.decimal_places >= newer.max_digits - newer.decimal_places
        return whole and older.decimal_places >= newer.decimal_places
    return older.db_type(connection) == newer.db_type(connection)


def is_djangos(field):
    return type(field).__module__.startswith("django.db.models.")


def is_like(older, newer):
    """Whether two fields store a value alike: the same class, made with the same arguments."""
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.state import ProjectState

    detector = MigrationAutodetector(ProjectState(), ProjectState())
    found = []
    for each in (older, newer):
        path, args, kwargs = detector.deep_deconstruct(each)
        found.append((path, args, {k: v for k, v in kwargs.items() if k not in LABELS}))
    return found[0] == found[1]


def family(field):
    """Types of Django's own whose values are each other's; empty for any other."""
    if not is_djangos(field):
        return ""
    kind = field.get_internal_type()
    return "text" if kind in TEXTS else "integer" if kind in INTEGERS else ""


def limits(older, newer):
    from django.db import connection

    column, older, newer = newer.column, pointed(older), pointed(newer)
    found = {"column": column, "longest": None, "least": None, "most": None}
    longest = getattr(older, "max_length", None)
    if family(older) == "text" and longest is not None:
        other = getattr(newer, "max_length", None)
        if other is None or other > longest:
            found["longest"] = longest
    if family(older) == family(newer) == "integer":
        ranges = [connection.ops.integer_field_range(f.get_internal_type()) for f in (older, newer)]
        if ranges[0] != ranges[1]:
            found["least"], found["most"] = ranges[0]
    return [found] if any(found[one] is not None for one in found if one != "column") else []


def fills_alike(added, altered):
    """Whether altering an added field left its values alone, and what new rows get."""
    from django.db.models.fields import NOT_PROVIDED

    def filled(each):
        kept = each.field.default if each.preserve_default else NOT_PROVIDED
        return each.field.null, kept, getattr(each.field, "db_default", NOT_PROVIDED)

    if not altered.preserve_default or not is_like(added.field, altered.field):
        return False
    return filled(added) == filled(altered)


def added(field, made):
    """What the migrations gave to all rows, told by the field as it was added, if at all; and
    what a row that is new gets where nobody says anything, told by the field as it is."""
    found = filled(field, constant(field, made, database_first=True) if made else UNKNOWN)
    found["new_has_default"], found["new_default"] = constant(field, field, database_first=False)
    return found


def removed(field):
    """What the older release would give to a row that is new."""
    return filled(field, constant(field, field, database_first=False))


def filled(field, told):
    has_default, value = told
    return {"name": field.column, "has_default": has_default, "default": value}


def constant(field, made, database_first):
    """Whether rows that know nothing of a column get one value, and which.

    `made` has the defaults; `field`, of the same kind, is part of a model, as storing may need.
    """
    from django.db import connection
    from django.db.models.fields import NOT_PROVIDED

    db_default = getattr(made, "db_default", NOT_PROVIDED)  # Django 5.0 and newer
    if db_default is not NOT_PROVIDED and (database_first or not made.has_default()):
        value = getattr(db_default, "value", db_default)
        if hasattr(value, "resolve_expression"):
            return UNKNOWN
    elif made.has_default():
        if callable(made.default) and made.default not in CONSTANT:
            return UNKNOWN
        value = made.default() if callable(made.default) else made.default
    elif getattr(made, "auto_now", False) or getattr(made, "auto_now_add", False):
        return UNKNOWN
    elif made.null:
        return True, None
    elif made.blank and made.empty_strings_allowed:
        value = b"" if made.get_internal_type() == "BinaryField" else ""
    else:
        return UNKNOWN
    return stored(field.get_db_prep_save(value, connection))


def stored(value):
    if value is None or isinstance(value, (str, int, float)):
        return True, value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return True, {"$bytes": base64.b64encode(bytes(value)).decode()}
    if type(value).__name__ == "Decimal":
        return True, str(value)
    return UNKNOWN
