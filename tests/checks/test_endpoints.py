"""R-5.4: those listed, and those of the application's OpenAPI document."""

from __future__ import annotations

import pytest

from parom.checks.endpoints import MOST_ENDPOINTS, check_endpoints, check_openapi
from parom.checks.result import CheckResult
from tests.checks.server import Answer, Server, document, raw, status


def get(*codes: str, **more: object) -> dict[str, object]:
    return {"get": {"responses": {code: {} for code in codes or ("200",)}, **more}}


def checked(server: Server, paths: dict[str, object], **more: object) -> dict[str, CheckResult]:
    server.answers["/schema/"] = document(paths, **more)
    results = check_openapi(server.url, "/schema/", {"X-Token": "t"}, 10)
    return {one.name: one for one in results}


@pytest.mark.parametrize(
    ("code", "passed"), [(200, True), (302, True), (400, False), (404, False), (500, False)]
)
def test_a_listed_endpoint_must_answer_below_400(server: Server, code: int, passed: bool) -> None:
    """Whoever lists an endpoint means that it works."""
    server.answers["/a/"] = status(code, b"why")
    (result,) = check_endpoints(server.url, ["/a/"], {}, 10)
    assert (result.name, result.passed) == ("GET /a/", passed)
    assert result.detail == (f"HTTP {code}" if passed else f"HTTP {code}: why")


def test_documented_endpoints_are_asked_with_the_headers(server: Server) -> None:
    """The bypass and a token travel with each."""
    server.answers["/a/"] = status(200)
    results = checked(server, {"/a/": get(), "/b/": {"post": {}}})
    assert [(one.name, one.passed, one.detail) for one in results.values()] == [
        ("OpenAPI /schema/", True, "1 operations"),
        ("GET /a/", True, "HTTP 200"),
    ]
    assert all(headers["X-Token"] == "t" for _, headers in server.seen)
    assert "json" in server.seen[0][1]["Accept"]


@pytest.mark.parametrize(
    ("codes", "answered", "passed"),
    [
        (("200",), 200, True),
        (("200",), 404, False),
        (("200", "404"), 404, True),
        (("200", "4XX"), 403, True),
        (("200", "default"), 418, True),
        (("200", "503"), 503, False),
        (("default",), 500, False),
        ((), 401, False),
    ],
)
def test_an_answer_must_be_one_that_the_document_names(
    server: Server, codes: tuple[str, ...], answered: int, passed: bool
) -> None:
    """What is not documented is not correct; a server error never is."""
    server.answers["/a/"] = status(answered)
    responses: dict[str, object] = {code: {} for code in codes}
    result = checked(server, {"/a/": {"get": {"responses": responses}}})["GET /a/"]
    assert result.passed is passed
    assert ("headers_file" in result.detail) is (answered == 401)


def test_a_token_that_is_refused_is_no_right_answer(server: Server) -> None:
    """An application may document 401 for every page; a check's token that ran out would then
    prove all of them without having seen one."""
    server.answers["/a/"] = status(401)
    server.answers["/schema/"] = document({"/a/": get("200", "401")})
    with_token = check_openapi(server.url, "/schema/", {"Authorization": "Token x"}, 10)
    anonymous = check_openapi(server.url, "/schema/", {"X-Bypass": "b"}, 10)
    assert [one.passed for one in with_token] == [True, False]
    assert [one.passed for one in anonymous] == [True, True]


def test_what_needs_a_parameter_is_not_asked(server: Server) -> None:
    """Nothing sensible can be put in its place."""
    required = {"name": "q", "in": "query", "required": True}
    results = checked(
        server,
        {
            "/items/{id}/": get(),
            "/search/": get(parameters=[required]),
            "/found/": {**get(), "parameters": [{"$ref": "#/components/parameters/q~1x"}]},
            "/list/": get(parameters=[{**required, "required": False}]),
        },
        components={"parameters": {"q/x": required}},
    )
    assert set(results) == {"OpenAPI /schema/", "GET /list/"}


def test_paths_lie_below_the_first_server_and_never_elsewhere(server: Server) -> None:
    """The headers hold secrets: a document must not be able to send them to another host."""
    server.answers["/api/v2/a/"] = status(200)
    results = checked(
        server,
        {"/a/": get(), "//127.0.0.1:1/b/": get()},
        servers=[{"url": "https://elsewhere.example/api/v2/"}],
    )
    assert results["GET /api/v2/a/"].passed
    asked = {path for path, _ in server.seen[1:]}
    assert asked == {"/api/v2/a/", "/api/v2//127.0.0.1:1/b/"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (status(404), "HTTP 404"),
        (status(200, b"openapi: 3.0.3"), "is not an OpenAPI document in JSON"),
        (status(200, b"[]"), "is not an OpenAPI document in JSON"),
        (status(200, b"{}"), "is not an OpenAPI document in JSON"),
        (status(200, b'{"paths": []}'), "is not an OpenAPI document in JSON"),
        (status(200, b'{"paths": {"/a/": null}}'), "is not an OpenAPI document in JSON"),
        (document({"/a/": get(parameters=[{"$ref": "#/absent"}])}), "is not an OpenAPI document"),
        (document({}), "names no GET operation"),
        (raw(b""), "RemoteProtocolError"),
    ],
)
def test_a_document_that_says_nothing_is_a_failed_check(
    server: Server, answer: Answer, said: str
) -> None:
    """R-13.4: missing evidence is never good."""
    server.answers["/schema/"] = answer
    (result,) = check_openapi(server.url, "/schema/", {}, 10)
    assert not result.passed
    assert said in result.detail


def test_many_endpoints_are_bounded_and_what_is_left_out_is_told(server: Server) -> None:
    """The public waits meanwhile; a silent limit would pass for complete."""
    paths = {f"/{number}/": get() for number in range(MOST_ENDPOINTS + 3)}
    server.answers |= {path: server.counted(status(200)) for path in paths}
    results = checked(server, dict(paths))
    assert len(results) == MOST_ENDPOINTS + 1
    assert results["OpenAPI /schema/"].detail == "203 operations, 3 of them not asked"
    assert server.most_at_once == 2
