"""From the file to a `Config`, with every problem at once, each with its path and line."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from parom.config.lines import line_of
from parom.config.model import Config
from parom.errors import config as errors

_LARGEST = 1 << 20


def read(path: Path) -> Config:
    """Read and check a parom.toml. Relative folders count from the file's own folder.

    Raises `config.missing`, `config.unreadable`, `config.syntax`, `config.invalid`.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise errors.syntax(path, str(problem)) from None
    try:
        config = Config.model_validate(data)
    except ValidationError as problem:
        found = [_described(text, detail) for detail in problem.errors(include_url=False)]
        raise errors.invalid(path, found) from None
    return _anchored(config, path.resolve().parent)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise errors.unreadable(path, "it is larger than 1 MiB")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise errors.missing(path) from None
    except UnicodeDecodeError:
        raise errors.unreadable(path, "it is not UTF-8") from None
    except OSError as problem:
        raise errors.unreadable(path, problem.strerror or str(problem)) from None


def _described(text: str, detail: ErrorDetails) -> str:
    path = [str(part) for part in detail["loc"] if not isinstance(part, int)]
    dotted = ".".join(str(part) for part in detail["loc"]) or "the file"
    line = line_of(text, path) if path else None
    where = f"line {line}, {dotted}" if line else dotted
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(path[-1], _known(path[:-1]), n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        return f"{where}: unknown key{hint}"
    if detail["type"] == "missing":
        return f"{dotted}: is required"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}"


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
