"""The OpenAPI document describes what is there, and all of it is reachable."""

import re

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.django_db

OPEN = {"/livez", "/readyz", "/api/v1/health/"}
FINANCE = "/api/v1/finance"
OUTSIDE = ("/api/v1/gemini/", "/api/v1/google/", "/api/v1/huntflow/")
PATHS = SchemaGenerator().get_schema(request=None, public=True)["paths"]
OPERATIONS = [(method, path) for path, operations in PATHS.items() for method in operations]


def is_of_here(path):
    """What asks services outside is tried with their servers: tests/gemini and so on."""
    return not path.startswith(OUTSIDE)


def bodies(world):
    """A good body for each address that takes one."""
    grade = {"name": "Lead", "rank": 5}
    rate = {"currency": "USD", "rate": "3.3", "fetched_at": "2026-02-01T11:00:00Z"}
    tax = {"name": "Health insurance", "rate": "9.00"}
    pay = {
        "vacancy": world.vacancy.id,
        "grade": world.free_grade.id,
        "min_usd": "1",
        "max_usd": "2",
    }
    benchmark = {"type": "vacancy", "vacancy_name": "Analyst", "salary_from": "10"}
    vacancy = {"external_id": "two", "name": "Analyst"}
    interview = {"interviewer": world.interviewer.id, "starts_at": "2026-02-02T11:00:00Z"}
    return {
        f"{FINANCE}/grades/": grade,
        f"{FINANCE}/currency-rates/": rate,
        f"{FINANCE}/pln-taxes/": tax,
        f"{FINANCE}/pln-taxes/calculate-gross/": {"amount": "100"},
        f"{FINANCE}/pln-taxes/calculate-net/": {"amount": "100"},
        f"{FINANCE}/salary-ranges/": pay,
        f"{FINANCE}/salary-ranges/update-currency-amounts/": {},
        f"{FINANCE}/benchmarks/": benchmark,
        f"{FINANCE}/salary-calculations/convert/": {
            "amount": "1",
            "source": "USD",
            "target": "PLN",
        },
        "/api/v1/vacancies/": vacancy,
        "/api/v1/interviewers/": {"name": "Jan", "email": "jan@example.org"},
        "/api/v1/interviewers/interviews/": interview,
        "/api/v1/vacancies/{id}/assign-grades/": {"grades": [world.grade.id]},
    }


def address(path, world):
    """The path with the id of the row that is there; of a grade that nothing depends on."""
    ids = {
        "grades": world.free_grade.id,
        "currency-rates": world.rate.id,
        "pln-taxes": world.tax.id,
        "salary-ranges": world.salary_range.id,
        "benchmarks": world.benchmark.id,
        "vacancies": world.vacancy.id,
        "interviewers": world.interviewer.id,
        "interviews": world.interview.id,
    }
    collection = path.removesuffix("/").split("/{id}")[0].rsplit("/", 1)[-1]
    path = path.replace("{id}", str(ids.get(collection, 1)))
    return re.sub(r"{\w+}", "one", path)


def send(client, method, path, world):
    known = bodies(world)
    body = known.get(path, known.get(path.removesuffix("{id}/"))) if method[0] == "p" else None
    return getattr(client, method)(address(path, world), body, format="json")


def test_document_is_valid(anonymous):
    """Parom reads the endpoints that it checks from here, as JSON, without a login."""
    answer = anonymous.get("/api/v1/schema/", headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    validate_schema(answer.json())
    assert len(answer.json()["paths"]) > 20


def test_document_is_complete():
    """A warning of the generator is an operation that it guessed."""
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", "/dev/null")


def test_document_is_json_for_a_browser_and_curl(anonymous):
    """Whoever does not ask gets JSON, too."""
    for accept in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8"):
        answer = anonymous.get("/api/v1/schema/", headers={"Accept": accept})
        assert answer.json()["openapi"].startswith("3.")


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_anonymous_gets_401_everywhere_but_at_the_probes(anonymous, world, method, path):
    """One forgotten permission would open the salaries to everybody."""
    status = send(anonymous, method, path, world).status_code
    assert status == (200 if path in OPEN else 401)


@pytest.mark.parametrize(("method", "path"), [one for one in OPERATIONS if is_of_here(one[1])])
def test_every_operation_is_reachable(api, world, bank, method, path):
    """What is documented works as documented, with a good body and a row that is there."""
    answer = send(api, method, path, world)
    assert str(answer.status_code) in PATHS[path][method]["responses"], answer.content
    assert 200 <= answer.status_code < 300


def test_limit_of_wrong_tokens_is_documented():
    """For every operation that takes a token, with the header that says when to come again."""
    for method, path in OPERATIONS:
        operation = PATHS[path][method]
        takes_token = {} not in operation.get("security", [{}])
        assert ("429" in operation["responses"]) or not takes_token, path
        if "429" in operation["responses"]:
            assert "Retry-After" in operation["responses"]["429"]["headers"]
