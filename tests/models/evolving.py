"""Any operations over any schema: what Django is told, and what becomes of the schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from tests.models.kinds import ADDABLE, KINDS
from tests.models.schema import Field, Model, Schema, created, expression

Drawn = tuple[str, int, int, int]
"""What is to be done, and three numbers by which the parts of the schema are chosen."""
MODEL_NAMES = ("Author", "Tag", "Book", "Loan", "Tome", "Word")
FIELD_NAMES = ("name", "title", "note", "stock", "label", "extra")
RENAMES = ("rename field", "rename model")
VERBS = (
    *RENAMES, *RENAMES, "add field", "add field", "add field", "remove field", "remove field",
    "alter field", "alter field", "add model", "remove model", "data",
)  # fmt: skip
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(VERBS), st.integers(0, 5), st.integers(0, 9), st.integers(0, 20)
    ),
    min_size=1,
    max_size=4,
)  # fmt: skip
_DATA = (
    "RunPython(nothing, noop)",
    'RunSQL("SELECT 1", "")',
    'RunPython(change("{model}", "{field}"), noop)',
    'RunPython(make("{model}"), noop)',
    'RunPython(unmake("{model}"), noop)',
    'RunPython(change("{model}", "{field}"))',
    'RunPython(change("{model}", "{field}"), change("{model}", "{field}"))',
)
_CHANGEABLE = ("int", "text", "char", "need", "uniq")


def evolved(schema: Schema, drawn: Sequence[Drawn]) -> tuple[list[str], Schema]:
    """The operations that can be done there, and the schema after them."""
    operations: list[str] = []
    for verb, first, second, third in drawn:
        if not schema.models and verb != "add model":
            continue
        told, schema = _one(schema, verb, first, second, third)
        operations += told
    return operations, schema


def _one(
    schema: Schema, verb: str, first: int, second: int, third: int
) -> tuple[list[str], Schema]:
    if verb == "add model":
        return _add_model(schema, first, second)
    model = schema.models[first % len(schema.models)]
    if verb == "remove model":
        return _remove_model(schema, model)
    if verb == "rename model":
        return _rename_model(schema, model, MODEL_NAMES[second % len(MODEL_NAMES)])
    if verb == "add field":
        return _add_field(schema, model, FIELD_NAMES[second % len(FIELD_NAMES)], third)
    if verb == "data":
        return _data(schema, model, second)
    chosen = model.fields[second % len(model.fields)]
    if verb == "remove field":
        return _remove_field(schema, model, chosen)
    if verb == "rename field":
        return _rename_field(schema, model, chosen, FIELD_NAMES[third % len(FIELD_NAMES)])
    return _alter_field(schema, model, chosen, third)


def _add_model(schema: Schema, first: int, second: int) -> tuple[list[str], Schema]:
    name, number = MODEL_NAMES[first], schema.next_number
    if any(one.name == name for one in schema.models):
        return [], schema
    fields = [Field(number + 1, "id", "id"), Field(number + 2, "name", "char", 0, "char")]
    if schema.models:
        target = schema.models[second % len(schema.models)].number
        fields.append(Field(number + 3, "up", "link", target, "link"))
    model = Model(number, name, tuple(fields))
    return [created(model, schema)], replace(
        schema, models=(*schema.models, model), next_number=number + 4
    )


def _remove_model(schema: Schema, model: Model) -> tuple[list[str], Schema]:
    if schema.is_led_to(model.number):
        return [], schema
    left = tuple(one for one in schema.models if one is not model)
    return [f'DeleteModel("{model.name}")'], replace(schema, models=left)


def _rename_model(schema: Schema, model: Model, name: str) -> tuple[list[str], Schema]:
    if any(one.name == name for one in schema.models):
        return [], schema
    return [f'RenameModel("{model.name}", "{name}")'], schema.with_model(replace(model, name=name))


def _add_field(schema: Schema, model: Model, name: str, third: int) -> tuple[list[str], Schema]:
    kind = ADDABLE[third % len(ADDABLE)]
    others = [one for one in schema.models if one is not model]
    if any(one.name == name for one in model.fields) or (kind == "many" and not others):
        return [], schema
    target = 0
    if kind in ("link", "many"):
        target = (others or [model])[third % max(1, len(others))].number
    made = Field(schema.next_number, name, kind, target, kind)
    schema = replace(schema, next_number=schema.next_number + 1)
    preserve = ", preserve_default=False" if kind in KINDS and KINDS[kind].once else ""
    told = f'AddField("{model.name}", "{name}", {expression(made, schema, added=True)}{preserve})'
    return [told], schema.with_model(replace(model, fields=(*model.fields, made)))


def _remove_field(schema: Schema, model: Model, chosen: Field) -> tuple[list[str], Schema]:
    if chosen.is_key:
        return [], schema
    left = tuple(one for one in model.fields if one is not chosen)
    told = f'RemoveField("{model.name}", "{chosen.name}")'
    return [told], schema.with_model(replace(model, fields=left))


def _rename_field(
    schema: Schema, model: Model, chosen: Field, name: str
) -> tuple[list[str], Schema]:
    if any(one.name == name for one in model.fields):
        return [], schema
    told = f'RenameField("{model.name}", "{chosen.name}", "{name}")'
    return [told], _with_field(schema, model, chosen, replace(chosen, name=name))


def _alter_field(
    schema: Schema, model: Model, chosen: Field, third: int
) -> tuple[list[str], Schema]:
    becomes = KINDS[chosen.kind].becomes if chosen.kind in KINDS else ()
    if not becomes:
        return [], schema
    altered = replace(chosen, kind=becomes[third % len(becomes)])
    told = f'AlterField("{model.name}", "{chosen.name}", {expression(altered, schema)})'
    return [told], _with_field(schema, model, chosen, altered)


def _with_field(schema: Schema, model: Model, chosen: Field, other: Field) -> Schema:
    fields = tuple(other if one is chosen else one for one in model.fields)
    return schema.with_model(replace(model, fields=fields))


def _data(schema: Schema, model: Model, second: int) -> tuple[list[str], Schema]:
    changeable = [one.name for one in model.fields if one.kind in _CHANGEABLE]
    pattern = _DATA[second % len(_DATA)]
    if "{field}" in pattern and not changeable:
        return [], schema
    return [pattern.format(model=model.name, field=(changeable or [""])[0])], schema


def is_of_data(operation: str) -> bool:
    return operation.startswith("Run")


def in_migrations(operations: Sequence[str]) -> list[list[str]]:
    """Those on data by themselves: PostgreSQL alters no table that has rows written just now."""
    found: list[list[str]] = []
    for one in operations:
        if not found or is_of_data(one) or is_of_data(found[-1][0]):
            found.append([])
        found[-1].append(one)
    return found
