"""Huntflow's own OpenAPI document, and what of an exchange does not keep to it."""

import json
import os
import re
from pathlib import Path

from jsonschema import Draft4Validator

REPOSITORY = Path(__file__).resolve().parents[3]
HERE = REPOSITORY.parent / "shared" / "data" / "huntflow-openapi-v2.json"
PREFIX = "/v2"


def contract():
    """By HRHELPER_HUNTFLOW_OPENAPI, or beside the repository; None where it is not there."""
    file = Path(os.environ.get("HRHELPER_HUNTFLOW_OPENAPI", HERE))
    return Contract(json.loads(file.read_text("utf-8"))) if file.exists() else None


class Contract:
    def __init__(self, document):
        self._components = _in_json_schema(document["components"])
        self._paths = {
            re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)): operations
            for path, operations in document["paths"].items()
        }

    def violations(self, seen):
        """What is wrong with a request, and with the local server's answer to it, as words."""
        operation, in_path = self._operation(seen)
        if operation is None:
            return [f"{seen.method} {seen.path} is not described"]
        wrong = [*self._of_parameters(operation, in_path, seen), *self._of_body(operation, seen)]
        wrong += self._of_answer(operation, seen)
        return [f"{seen.method} {seen.path}: {one}" for one in wrong]

    def _operation(self, seen):
        path = seen.path.removeprefix(PREFIX)
        candidates = [
            (operations[seen.method.lower()], match.groupdict())
            for pattern, operations in self._paths.items()
            if (match := pattern.fullmatch(path)) and seen.method.lower() in operations
        ]
        # /applicants/search_by_cursor is nobody's id.
        return min(candidates, key=lambda one: len(one[1]), default=(None, {}))

    def _of_parameters(self, operation, in_path, seen):
        declared = {one["name"]: one for one in operation.get("parameters", ())}
        for name in sorted(set(seen.query) - set(declared)):
            yield f"there is no parameter {name}"
        for name, one in declared.items():
            given = in_path.get(name) if one["in"] == "path" else seen.query.get(name)
            if given is None and one.get("required"):
                yield f"parameter {name} is missing"
            if given is not None:
                schema = _in_json_schema(one["schema"])
                yield from self._errors(schema, _typed(given, schema), name)

    def _of_body(self, operation, seen):
        described = operation.get("requestBody")
        if described is None:
            return ["a body is sent, and none is described"] if seen.body is not None else []
        schema = _in_json_schema(described["content"]["application/json"]["schema"])
        return self._errors(schema, seen.body, "body")

    def _of_answer(self, operation, seen):
        described = operation["responses"].get(str(seen.status), {}).get("content")
        if not described or seen.answer is None:
            return []
        schema = _in_json_schema(described["application/json"]["schema"])
        return self._errors(schema, seen.answer, "answer")

    def _errors(self, schema, value, what):
        whole = {"allOf": [schema], "components": self._components}
        found = Draft4Validator(whole).iter_errors(value)
        return [f"{what}{one.json_path[1:]}: {one.message[:200]}" for one in found]


def _typed(text, schema):
    """A parameter is text on the wire; the schema says what it means."""
    if schema.get("type") == "integer" and re.fullmatch(r"-?\d+", text):
        return int(text)
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if schema.get("type") == "array":
        return [_typed(one, schema["items"]) for one in text.split(",")]
    return text


def _in_json_schema(schema):
    """OpenAPI 3.0 says `nullable` where JSON Schema says a type more."""
    if isinstance(schema, list):
        return [_in_json_schema(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _in_json_schema(value) for name, value in schema.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner
