"""Kinds of fields, as Django has them, and what users write into them.

What a value is once it is stored is written down here a second time: nothing of Parom is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "nobody knows"
"""Of a default: there is none, or another one each time."""


@dataclass(frozen=True)
class Kind:
    """One kind; values for SQLite first, for PostgreSQL (as texts) second."""

    expression: str
    values: tuple[Sequence[object], Sequence[object]]
    default: tuple[object, object] = (UNKNOWN, UNKNOWN)
    """What a new row has of which nobody says anything, as it is stored."""
    once: str = ""
    """The expression of the field as it is added, where rows get a value only then."""
    given_once: tuple[object, object] = (UNKNOWN, UNKNOWN)
    becomes: tuple[str, ...] = ()
    """Kinds that it may be altered to."""


def _both(*values: object) -> tuple[Sequence[object], Sequence[object]]:
    return values, tuple(None if one is None else str(one) for one in values)


ODD = ("", "a\tb\\N\n'\"%s", "ü€\U0001f600 ", "x" * 40)

KINDS = {
    "int": Kind(
        "IntegerField(default=7)", _both(0, -1, 7, 2147483647), (7, "7"),
        becomes=("big", "count", "float", "text"),
    ),
    "count": Kind(
        "PositiveSmallIntegerField(default=1)", _both(0, 1, 32767, -1), (1, "1"),
        becomes=("int", "big"),
    ),
    "big": Kind(
        "BigIntegerField(null=True)", _both(9223372036854775807, None, 0, 3000000000), (None, None),
        becomes=("int", "dec"),
    ),
    "text": Kind(
        "TextField(blank=True)", (ODD, ODD), ("", ""), becomes=("char", "need"),
    ),
    "char": Kind(
        'CharField(max_length=8, default="d")',
        (("a", "", "d", "12345678", "more than eight"), ("a", "", "d", "12345678", "ü")),
        ("d", "d"), becomes=("text", "uniq"),
    ),
    "uniq": Kind(
        "CharField(max_length=12, null=True, unique=True)", _both("a", "b", None, "A", "c"),
        (None, None), becomes=("char", "text"),
    ),
    "need": Kind(
        "CharField(max_length=12)", _both("n", "once", "", "%s"),
        once='CharField(max_length=12, default="once")', given_once=("once", "once"),
        becomes=("text", "char"),
    ),
    "dec": Kind(
        'DecimalField(max_digits=12, decimal_places=2, default=Decimal("1.50"))',
        ((1.5, 0.1, 9999999999.99, 2), ("1.50", "0.10", "9999999999.99", "2")),
        (1.5, "1.50"), becomes=("int",),
    ),
    "float": Kind(
        "FloatField(default=0.0)",
        ((0.0, -0.0, 1e300, 1.5), ("0", "-0", "1e300", "Infinity", "NaN")), (0.0, "0"),
        becomes=("int",),
    ),
    "bool": Kind("BooleanField(default=True)", ((1, 0), ("true", "false")), (1, "true")),
    "bytes": Kind(
        "BinaryField(null=True)",
        ((b"\x00\xff", None, b"", b"text"), ("\\x00ff", None, "\\x", "\\x74657874")),
        (None, None),
    ),
    "json": Kind(
        "JSONField(default=dict)",
        _both("{}", '{"b": [null, 12345678901234567890], "a": 1.0}', '"x"', "null"),
        ("{}", "{}"),
    ),
    "date": Kind(
        "DateField(null=True)",
        (("2026-02-28", None, "0001-01-01"), ("2026-02-28", None, "infinity")), (None, None),
    ),
    "at": Kind(
        "DateTimeField(null=True)",
        (
            ("2026-03-29 01:30:00.123456", None, "1900-01-01 00:00:00"),
            ("2026-03-29 01:30:00.123456+02", None, "-infinity"),
        ),
        (None, None),
    ),
    "uuid": Kind(
        "UUIDField(default=uuid4)",
        (("0" * 32, "f" * 32), ("0" * 32, "f" * 32)),
    ),
}  # fmt: skip
ADDABLE = (*KINDS, "link", "many")
"""A link is a ForeignKey that may be NULL; `many` is a ManyToManyField."""
