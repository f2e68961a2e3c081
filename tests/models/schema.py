"""Models of an application and what migrations make of them, known by numbers that never change.

A field or a model keeps its number when it is renamed, and gets another one when it is made anew:
by these the law is told, whatever name something has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tests.models.kinds import KINDS, UNKNOWN

Number = int | tuple[int, str]
"""Of a table or a column; those of a many-to-many table are of its field."""


@dataclass(frozen=True)
class Field:
    number: int
    name: str
    kind: str
    """Of `KINDS`; or id, code (keys), link, must (a link that is never NULL), many."""
    target: int = 0
    """The model that a link leads to."""
    added_as: str = ""
    """The kind that it was made as, which tells what all rows were given."""

    @property
    def is_key(self) -> bool:
        return self.kind in ("id", "code")

    @property
    def is_link(self) -> bool:
        return self.kind in ("link", "must")

    @property
    def column(self) -> str:
        return f"{self.name}_id" if self.is_link else self.name


@dataclass(frozen=True)
class Model:
    number: int
    name: str
    fields: tuple[Field, ...]

    @property
    def table(self) -> str:
        return f"lib_{self.name.lower()}"


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    target: int = 0
    added_as: str = ""

    def stored_default(self, engine: int) -> object:
        """What a new row gets of which nobody says anything; `UNKNOWN` where there is no such."""
        if self.kind == "link":
            return None
        return KINDS[self.kind].default[engine] if self.kind in KINDS else UNKNOWN

    def stored_filling(self, engine: int) -> object:
        """What the migration that made it gave to all rows."""
        if self.added_as == "link":
            return None
        if self.added_as not in KINDS:
            return UNKNOWN
        kind = KINDS[self.added_as]
        return kind.given_once[engine] if kind.once else kind.default[engine]


@dataclass(frozen=True)
class Shape:
    """One table."""

    name: str
    columns: dict[Number, Column]
    counts: bool
    """Whether the database gives out its keys."""

    @property
    def key(self) -> Number:
        return next(iter(self.columns))

    @property
    def key_name(self) -> str:
        return self.columns[self.key].name


@dataclass(frozen=True)
class Schema:
    models: tuple[Model, ...]
    next_number: int = 100
    tables: dict[Number, Shape] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", dict(self._tables()))

    def model(self, number: int) -> Model:
        return next(one for one in self.models if one.number == number)

    def named(self, table: str) -> Number | None:
        """The number of a table."""
        return next((n for n, one in self.tables.items() if one.name == table), None)

    def is_led_to(self, number: int) -> bool:
        return any(one.target == number for model in self.models for one in model.fields)

    def with_model(self, model: Model) -> Schema:
        """With it in the place of the one of its number."""
        found = [model if one.number == model.number else one for one in self.models]
        return replace(self, models=tuple(found))

    def _tables(self) -> Iterator[tuple[Number, Shape]]:
        for model in self.models:
            columns: dict[Number, Column] = {
                one.number: Column(one.column, one.kind, one.target, one.added_as)
                for one in sorted(model.fields, key=lambda one: not one.is_key)
                if one.kind != "many"
            }
            counts = any(one.kind == "id" for one in model.fields)
            yield model.number, Shape(model.table, columns, counts)
            for one in model.fields:
                if one.kind == "many":
                    yield one.number, self._between(model, one)

    def _between(self, model: Model, one: Field) -> Shape:
        target = self.model(one.target)
        ends: dict[Number, Column] = {
            (one.number, "id"): Column("id", "id"),
            (one.number, "from"): Column(f"{model.name.lower()}_id", "must", model.number),
            (one.number, "to"): Column(f"{target.name.lower()}_id", "must", target.number),
        }
        return Shape(f"{model.table}_{one.name}", ends, counts=True)


def expression(one: Field, schema: Schema, *, added: bool = False) -> str:
    """As a migration has it."""
    if one.kind == "id":
        return "BigAutoField(primary_key=True)"
    if one.kind == "code":
        return "CharField(max_length=12, primary_key=True)"
    if one.kind == "many":
        return f'ManyToManyField("lib.{schema.model(one.target).name}")'
    if one.is_link:
        null = ", null=True" if one.kind == "link" else ""
        return f'ForeignKey("lib.{schema.model(one.target).name}", CASCADE{null})'
    kind = KINDS[one.kind]
    return kind.once if added and kind.once else kind.expression


def created(model: Model, schema: Schema) -> str:
    listed = ", ".join(f'("{one.name}", {expression(one, schema)})' for one in model.fields)
    return f'CreateModel("{model.name}", [{listed}])'


def _made(
    number: int, name: str, *fields: tuple[int, str, str] | tuple[int, str, str, int]
) -> Model:
    return Model(number, name, tuple(Field(*one) for one in fields))


FIRST = Schema(
    (
        _made(
            1, "Author", (10, "id", "id"), (11, "name", "uniq"), (12, "note", "text"),
            (13, "mentor", "link", 1),
        ),
        _made(
            2, "Tag", (20, "code", "code"), (21, "label", "need"),
        ),
        _made(
            3, "Book", (30, "id", "id"), (31, "title", "char"), (32, "isbn", "uniq"),
            (33, "stock", "count"), (34, "price", "dec"), (35, "cover", "bytes"),
            (36, "extra", "json"), (37, "day", "date"), (38, "author", "must", 1),
            (39, "tags", "many", 2),
        ),
        _made(
            4, "Loan", (40, "id", "id"), (41, "book", "must", 3), (42, "at", "at"),
            (43, "score", "float"), (44, "big", "big"),
        ),
    )
)  # fmt: skip
"""The application as it is at first."""


def first_operations() -> Sequence[str]:
    return [created(one, FIRST) for one in FIRST.models]
