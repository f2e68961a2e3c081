"""From the file to a `Config`, with every problem at once, each with its path and line."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from parom.config.file import text_of
from parom.config.lines import line_of
from parom.config.model import Config
from parom.errors import config as errors
from parom.words.said import either, said

_WANTED = {
    "string_type": said("a text in quotes"),
    "bool_type": said("true or false"),
    "int_type": said("a whole number"),
    "int_from_float": said("a whole number"),
    "float_type": said("a number"),
    "tuple_type": said("a list in brackets"),
    "path_type": said("a path in quotes"),
    "dict_type": said("a table"),
    "model_type": said("a table"),
    "model_attributes_type": said("a table"),
}
_CHOICE = re.compile(r"'[^']*'")


def read(path: Path) -> Config:
    """Read and check a parom.toml. Relative folders count from the file's own folder.

    Raises `config.missing`, `config.unreadable`, `config.syntax`, `config.invalid`.
    """
    return parsed(text_of(path), path)


def parsed(text: str, path: Path) -> Config:
    """The configuration that the text of a parom.toml at `path` amounts to."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise errors.syntax(path, problem) from None
    try:
        config = Config.model_validate(data)
    except ValidationError as problem:
        details = _without_consequences(problem.errors(include_url=False))
        found = [_described(text, detail) for detail in details]
        raise errors.invalid(path, found) from None
    return _anchored(config, path.resolve().parent).read_from(path.absolute())


def _without_consequences(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list whose entries are wrong is not also too short."""
    above = {detail["loc"][:-1] for detail in details}
    return [one for one in details if not (one["type"] == "too_short" and one["loc"] in above)]


def _described(text: str, detail: ErrorDetails) -> str:
    path = [str(part) for part in detail["loc"] if not isinstance(part, int)]
    dotted = ".".join(str(part) for part in detail["loc"]) or said("the file")
    line = line_of(text, path) if path else None
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], _known(path[:-1]), n=1)
        if near:
            return errors.at(dotted, line, said('unknown key (did you mean "{key}"?)', key=near[0]))
        return errors.at(dotted, line, said("unknown key"))
    if detail["type"] == "missing":
        return errors.required(dotted, line_of(text, path[:-1]) if path[:-1] else None)
    return errors.at(dotted, line, _message(detail))


def _message(detail: ErrorDetails) -> str:
    """What is wrong with a value; what was written is repeated only where it is no secret."""
    wanted = _WANTED.get(detail["type"])
    if wanted:
        return said("must be {wanted}, not {given}", wanted=wanted, given=_written(detail["input"]))
    limits = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return _reason(limits["error"])
        case "literal_error":
            return said("must be {choices}", choices=either(_CHOICE.findall(limits["expected"])))
        case "less_than_equal":
            return said("must be at most {n}", n=_number(limits["le"]))
        case "greater_than_equal":
            return said("must be at least {n}", n=_number(limits["ge"]))
        case "greater_than":
            return said("must be more than {n}", n=_number(limits["gt"]))
        case "finite_number":
            return said("must be a finite number")
        case "too_long":
            return said("must have at most {n} entries", n=limits["max_length"])
        case "too_short" | "string_too_short":
            return said("must not be empty")
    message = str(detail["msg"])
    return f"{message[0].lower()}{message[1:]}"


def _number(limit: float) -> str:
    """As it is written in TOML, which has no decimal comma."""
    return f"{limit:g}"


def _reason(problem: ValueError) -> str:
    """As our own check said it, and so in any language."""
    reason = problem.args[0]
    return reason if isinstance(reason, str) else str(problem)


def _written(value: object) -> str:
    """A value as TOML writes its kind."""
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str():
            return said('the text "{text}"', text=value[:40])
        case list():
            return said("a list")
        case dict():
            return said("a table")
    return said("a date or a time")  # there is nothing else in TOML


def _known(path: list[str]) -> list[str]:
    model: type[BaseModel] = Config
    for part in path:
        field = model.model_fields.get(part)
        annotation: Any = field.annotation if field else None
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return []
        model = annotation
    return list(model.model_fields)


def _anchored(config: Config, folder: Path) -> Config:
    project = config.project.model_copy(update={"root": _absolute(config.project.root, folder)})
    vault = config.vault.model_copy(update={"path": _absolute(config.vault.path, folder)})
    source = config.source
    if "://" not in source.location and not _scp_like(source.location):
        absolute = str(_absolute(Path(source.location), folder))
        source = source.model_copy(update={"location": absolute})
    return config.model_copy(update={"project": project, "vault": vault, "source": source})


def _absolute(path: Path, folder: Path) -> Path:
    return path.expanduser() if path.expanduser().is_absolute() else (folder / path).resolve()


def _scp_like(location: str) -> bool:
    """git's `user@host:path` form, which is no path of this machine."""
    head, colon, _ = location.partition(":")
    return bool(colon) and "/" not in head
