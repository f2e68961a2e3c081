"""An AlterField with the column types on both sides, which the migration alone does not tell."""

from __future__ import annotations

from dataclasses import dataclass

from parom.facts import MigrationOperation


@dataclass(frozen=True)
class AlteredField(MigrationOperation):
    """`type_before` and `type_after` are column types of the release's database backend.

    For relations they name the model instead; empty where there is no column.
    """

    type_before: str = ""
    type_after: str = ""

    @property
    def changes_type(self) -> bool:
        return self.type_before != self.type_after
