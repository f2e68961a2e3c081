"""Whether what the configuration names can be imported in a release.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

import ast
import importlib

from parom_inside import described, set_up


def imports(*statements):
    set_up()
    return {"results": [tried(statement) for statement in statements]}


def tried(statement):
    try:
        for module, name in wanted(statement):
            found = importlib.import_module(module)
            if name and not hasattr(found, name):
                imported_below(module, name)
    except BaseException as problem:
        return {"statement": statement, "error": described(problem)}
    return {"statement": statement, "error": None}


def imported_below(module, name):
    """`name` may be a module that nobody imported yet; else it is what Python says it is."""
    full = module + "." + name
    try:
        importlib.import_module(full)
    except ModuleNotFoundError as problem:
        if problem.name != full:
            raise
        raise ImportError("cannot import name %r from %r" % (name, module)) from None


def wanted(statement):
    """(module, name) pairs of an import statement, `pkg.mod` or `pkg.mod:Name`; nothing is run."""
    if " " not in statement:
        module, _, name = statement.partition(":")
        return [(module, name)]
    body = ast.parse(statement).body
    if len(body) != 1 or not isinstance(body[0], (ast.Import, ast.ImportFrom)):
        raise SyntaxError("not an import statement: %s" % statement)
    node = body[0]
    if isinstance(node, ast.Import):
        return [(one.name, "") for one in node.names]
    if node.level or not node.module:
        raise SyntaxError("relative imports have no meaning here: %s" % statement)
    return [(node.module, "" if one.name == "*" else one.name) for one in node.names]
