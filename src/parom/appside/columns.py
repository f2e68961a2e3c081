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


def pointed(field):
    """The field whose values a foreign key holds."""
    while field.remote_field is not None and getattr(field, "target_field", None) is not None:
        field = field.target_field
    return field


def is_same(older, newer):
    from django.db import connection

    if type(older) is not type(newer):
        return False
    if older.get_internal_type() == "DecimalField":
        whole = older.max_digits - older.decimal_places >= newer.max_digits - newer.decimal_places
        return whole and older.decimal_places >= newer.decimal_places
    return older.db_type(connection) == newer.db_type(connection)


def family(field):
    """Types of Django's own whose values are each other's; empty for any other."""
    if not type(field).__module__.startswith("django.db.models"):
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


def filled(field):
    has_default, value = constant(field)
    return {"name": field.column, "has_default": has_default, "default": value}


def constant(field):
    """Whether rows that know nothing of a column get one value, and which."""
    from django.db import connection
    from django.db.models.fields import NOT_PROVIDED

    db_default = getattr(field, "db_default", NOT_PROVIDED)  # Django 5.0 and newer
    if field.has_default():
        if callable(field.default) and field.default not in CONSTANT:
            return False, None
        value = field.get_default()
    elif db_default is not NOT_PROVIDED:
        value = getattr(db_default, "value", db_default)
        if hasattr(value, "resolve_expression"):
            return False, None
    elif field.null:
        return True, None
    elif field.blank and field.empty_strings_allowed:
        value = ""
    else:
        return False, None
    return stored(field.get_db_prep_save(value, connection))


def stored(value):
    if value is None or isinstance(value, (str, int, float)):
        return True, value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return True, {"$bytes": base64.b64encode(bytes(value)).decode()}
    if type(value).__name__ == "Decimal":
        return True, str(value)
    return False, None
