"""[database]: a file of SQLite, or a database on a PostgreSQL or MariaDB server."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from parom.config.table import Table
from parom.config.values import Number, Place, Variable, Word
from parom.words.said import said

_NOT_HERE = frozenset(
    {"password", "passfile", "dbname", "host", "hostaddr", "port", "user", "service",
     "application_name", "options", "sslpassword"}
)  # fmt: skip
"""What has a key of its own, what is secret, and what Parom sets itself."""


class DatabaseTable(Table):
    type: Literal["sqlite", "postgresql", "mariadb"] = "sqlite"
    path: Place = "shared/db.sqlite3"
    url_variable: Variable = ""
    name: Annotated[str, Field(max_length=63)] = ""
    host: str = ""
    port: Annotated[Number, Field(ge=1, le=65_535)] = 5432
    user: str = ""
    password_variable: Variable = ""
    password_file: Place = ""
    options: dict[Word, Word] = {}
    maintenance: Annotated[str, Field(min_length=1, max_length=63)] = "postgres"
    programs: Place = ""

    @field_validator("options")
    @classmethod
    def _no_secrets(cls, value: dict[str, str]) -> dict[str, str]:
        wrong = sorted(_NOT_HERE & value.keys())
        if wrong:
            message = said("must not hold {key}: that has a key or a file of its own", key=wrong[0])
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _fits_its_kind(self) -> DatabaseTable:
        server = {"url_variable", "name", "host", "port", "user", "password_variable",
                  "password_file", "options", "maintenance", "programs"}  # fmt: skip
        own = {key: one.default for key, one in type(self).model_fields.items()}
        given = {key for key in self.model_fields_set if getattr(self, key) != own[key]}
        if self.type == "sqlite" and given & server:
            message = said('{key} is meant for a type of "postgresql"', key=min(given & server))
            raise ValueError(message)
        if self.type == "mariadb" and given & {"options", "maintenance"}:
            wrong = min(given & {"options", "maintenance"})
            message = said('{key} is meant for a type of "postgresql"', key=wrong)
            raise ValueError(message)
        if self.type != "sqlite" and "path" in given:
            message = said('path is meant for a type of "sqlite"')
            raise ValueError(message)
        if self.type != "sqlite" and bool(self.url_variable) == bool(self.name):
            message = said("needs either name or url_variable, which says where the database is")
            raise ValueError(message)
        apart = {"host", "port", "user", "password_variable", "password_file"} & given
        if self.url_variable and apart:
            message = said("{key} is in the address that url_variable names", key=min(apart))
            raise ValueError(message)
        if self.password_variable and self.password_file:
            message = said("needs only one of password_variable and password_file")
            raise ValueError(message)
        return self
