"""Writes a drafted parom.toml, with a new key where one is asked for, and says what it holds."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parom import __version__
from parom.adapters.vaults import identity
from parom.config.example import Setting, filled
from parom.config.reading import parsed
from parom.durable import write_atomically
from parom.errors import inspect as errors
from parom.inspect.asking import Answers
from parom.inspect.wishes import Key
from parom.words.language import ENGLISH, Words
from parom.words.said import in_words, said

_RECIPIENTS: Key = ("vault", "recipients")
_HEAD = said(
    "Written by `parom init` of Parom {version}. Above a value, a line that begins with "
    '"# ->" says how it was found, and one with "# DECIDE:" what you must look at.',
    version=__version__,
)


def write(
    target: Path, settings: Mapping[Key, Setting], key_file: Path | None, words: Words = ENGLISH
) -> Mapping[Key, Setting]:
    """The settings as they were written, with comments in the language of `words`. A refusal
    leaves nothing behind.

    Raises `config.invalid`, `init.cannot-write`, `vault.identity-exists`.
    """
    stand_in = identity.an_example() if key_file else ""
    parsed(filled(_with_key(settings, stand_in), _HEAD), target)
    if not target.parent.is_dir():
        raise errors.cannot_write(target, said("its folder is not there"))
    if target.is_dir() or not os.access(target.parent, os.W_OK):
        why = said("it is a folder, or lies in one that is not yours")
        raise errors.cannot_write(target, why)
    complete = _with_key(settings, identity.create(key_file) if key_file else "")
    try:
        write_atomically(target, filled(complete, _HEAD, words).encode(), 0o644)
    except OSError as problem:
        if key_file:
            key_file.unlink()
        raise errors.cannot_write(target, problem.strerror or str(problem)) from None
    return complete


def _with_key(settings: Mapping[Key, Setting], public: str) -> dict[Key, Setting]:
    if not public:
        return dict(settings)
    asked = settings[_RECIPIENTS]
    given = [asked.value] if isinstance(asked.value, str) else list(_texts(asked.value))
    return {**settings, _RECIPIENTS: dataclasses.replace(asked, value=(*given, public))}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def written(
    target: Path,
    settings: Mapping[Key, Setting],
    notes: tuple[str, ...],
    answers: Answers | None,
    key_file: Path | None,
) -> dict[str, Any]:
    """What was written, as plain data."""
    return {
        "config": str(target),
        "asked": answers.python.value if answers and not answers.problem else None,
        "found": [
            {"key": ".".join(key), "value": one.value, "how": list(one.remarks)}
            for key, one in settings.items()
            if not one.decide
        ],
        "decide": [
            {"key": ".".join(key), "value": one.value, "question": question}
            for key, one in settings.items()
            if one.decide
            for question in one.remarks
        ],
        "notes": list(notes),
        "private_key": str(key_file) if key_file else None,
    }


def in_lines(told: Mapping[str, Any], words: Words) -> str:
    """The same for people."""
    lines = [words.say("✓ {file} is written. What was found in the project:", file=told["config"])]
    lines += [f"    {one['key']} = {_shown(one['value'])}" for one in told["found"]]
    if told["decide"]:
        lines.append(words.say("! To look at before the first deployment (the file says it too):"))
        lines += [f"    {one['key']}: {in_words(one['question'], words)}" for one in told["decide"]]
    lines += [f"! {in_words(note, words)}" for note in told["notes"]]
    if told["private_key"]:
        lines += [
            words.say(
                "! {file} opens every backup, and nothing else does.", file=told["private_key"]
            ),
            words.say(
                "    Keep it where the team keeps its secrets, twice, and not on this machine."
            ),
        ]
    lines.append(words.say("Next: read the file, then `parom doctor`."))
    return "\n".join(lines)


def _shown(value: object) -> str:
    return " ".join(_texts(value)) if isinstance(value, tuple | list) else str(value)
