"""The errors of each operation in the OpenAPI document: one form for all of them."""

from typing import Any

BODY_METHODS = ("post", "put", "patch")
FIRST_ERROR = 400
TOO_MANY = 429
RETRY_AFTER = {"description": "Seconds until it may be tried again.", "schema": {"type": "string"}}
ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "details": {"description": "By field, where fields have errors."},
            },
            "required": ["code", "message", "details"],
        }
    },
    "required": ["error"],
}
MEANINGS = {
    400: "The request has errors",
    401: "Not logged in",
    403: "Not for this role",
    404: "There is nothing at this address",
    409: "Other data depend on it, or the same is there already",
    415: "The body is not JSON",
    422: "It cannot be carried out",
    429: "Too many requests",
    502: "A service behind this one failed",
    503: "Not possible now",
    504: "A service behind this one did not answer in time",
}


def document_errors(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """A postprocessing hook of drf-spectacular."""
    result["components"]["schemas"]["Error"] = ERROR
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if _needs_login(operation) or "requestBody" in operation:
                _document(operation["responses"], _possible(path, method, operation))
    return result


def _needs_login(operation: dict[str, Any]) -> bool:
    return {} not in operation.get("security", [{}])


def _possible(path: str, method: str, operation: dict[str, Any]) -> set[int]:
    """What DRF and the error envelope can answer there, whatever the view is."""
    possible = {401, 403, 429} if _needs_login(operation) else set()
    parameters = operation.get("parameters", ())
    if any(one["in"] == "query" for one in parameters):
        possible |= {400, 404}  # 404: a page that is not there
    if any(one["in"] == "path" for one in parameters):
        possible.add(404)
    if "requestBody" in operation:
        possible |= {400, 415}
    if method in BODY_METHODS:
        possible |= {400, 409, 422}
    if method == "delete":
        possible.add(409)
    return possible


def _document(responses: dict[str, Any], possible: set[int]) -> None:
    documented = {int(status) for status in responses if int(status) >= FIRST_ERROR}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for status in sorted(documented | possible):
        before = responses.get(str(status), {}).get("description")
        description = before or MEANINGS.get(status, "It failed")
        responses[str(status)] = {"description": description, "content": content}
        if status == TOO_MANY:
            responses[str(status)]["headers"] = {"Retry-After": RETRY_AFTER}
