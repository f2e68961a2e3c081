"""The texts of the source that are said to somebody: found, not listed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click

import parom
import parom.cli.main
from parom.adapters.vaults.directory import _HOW
from parom.cli.help_page import _PLACES, Speaking, meaning_of, paragraphs_of
from parom.config.example import paragraphs
from parom.facts import Level, ServiceState
from parom.notices.telling import _TITLES
from parom.plan.plan import Kind
from parom.steps.step import Seen
from parom.verdict.criteria import Rollback, Success
from parom.verdict.outcome import Outcome
from parom.words.titles import TITLES

SOURCES = Path(parom.__file__).parent


def spoken() -> dict[str, str]:
    """Each text with its plural (empty where it has none).

    A text is what stands in a call of `say` or `count`, or in a variable named `said`; and
    what the journal keeps and a screen says later: kinds, outcomes, reasons (`why`).
    """
    found = {text: "" for title in TITLES.values() for text in (title.doing, title.done)}
    kept = (*Success, *Rollback, *Kind, *Level, *Seen, *Outcome, *ServiceState)
    found |= {one.value: "" for one in kept} | {"deployed, watch inconclusive": "", _HOW: ""}
    found["rollback failed, the newer release runs"] = ""
    found |= dict.fromkeys(("waiting", "given up", "delivered", "at its place"), "")
    found |= dict.fromkeys(_areas(), "") | dict.fromkeys(paragraphs(), "")
    found |= dict.fromkeys((*_helpful(), *_TITLES.values()), "")
    for file in sorted(SOURCES.rglob("*.py")):
        if "appside" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            found |= dict(_texts(node)) | dict.fromkeys(_actions(node), "")
            if {"engine", "steps"} & set(file.parts):
                found |= dict.fromkeys((*_kept(node), *_places(node)), "")
    return found


def commands() -> Iterator[click.Context]:
    """`parom` and every command below it."""
    waiting = [Speaking(parom.cli.main.parom, info_name="parom")]
    while waiting:
        yield (context := waiting.pop())
        if isinstance(context.command, click.Group):
            for name in context.command.list_commands(context):
                command = context.command.get_command(context, name)
                assert command is not None
                waiting.append(Speaking(command, info_name=name, parent=context))


def _helpful() -> Iterator[str]:
    """What help pages are made of."""
    yield from (*_PLACES, "Options", "Commands")
    for context in commands():
        yield from paragraphs_of(context.command.help or "")
        for one in context.command.get_params(context):
            record = one.get_help_record(context)
            if record and (meaning := meaning_of(record[1])[0]):
                yield meaning


def _kept(node: ast.AST) -> Iterator[str]:
    """What a run writes down in English to be said by a screen."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "why":
                yield from _constants(value)
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id
    if isinstance(node, ast.Call) and named == "Outcome" and len(node.args) > 1:
        yield from _constants(node.args[1])
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "finish":
        yield from _constants(node.args[1])


def _places(node: ast.AST) -> Iterator[str]:
    """Where a release was checked."""
    called = getattr(node, "func", None)
    name = getattr(called, "attr", "") or getattr(called, "id", "")
    if isinstance(node, ast.Call) and name in ("verify_instance", "_try", "checks_failed"):
        yield from (text for one in node.args for text in _constants(one))


def _areas() -> Iterator[str]:
    """What doctor looks at."""
    for node in ast.walk(ast.parse((SOURCES / "doctor" / "examine.py").read_text("utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 2:
            yield from _constants(node.elts[0])


def _actions(node: ast.AST) -> Iterator[str]:
    """What somebody may or may not do (`authorise`)."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id == "authorise" and len(node.args) > 1:
            yield from _constants(node.args[1])
        for one in node.keywords:
            if one.arg == "action":
                yield from _constants(one.value)


def _texts(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        if node.func.attr == "say":
            yield from ((one, "") for one in _constants(node.args[0]))
        elif node.func.attr == "count" and len(node.args) > 2:
            one, many = (next(_constants(argument), "") for argument in node.args[:2])
            if one:
                yield one, many
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("said", "say"):
        yield from ((text, "") for one in node.args for text in _constants(one))
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
        named = isinstance(node.targets[0], ast.Name) and node.targets[0].id == "said"
        if named and isinstance(node.value.value, str):
            yield node.value.value, ""


def _constants(node: ast.expr) -> Iterator[str]:
    """What is said: the text, or either of two."""
    if isinstance(node, ast.IfExp):
        yield from (*_constants(node.body), *_constants(node.orelse))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
