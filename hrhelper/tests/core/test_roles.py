"""Every operation of the OpenAPI document for every role, and for those who have none.

The table says who may what, in words of its own: it is no copy of the views.
"""

import re

import pytest
from django.contrib.auth.models import User
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from apps.accounts.roles import Role, grant

pytestmark = pytest.mark.django_db

EVERYBODY = {*Role, "without a role", "anonymous"}
KNOWN = EVERYBODY - {"anonymous"}
ROLES = set(Role)
MONEY = {Role.ADMINISTRATOR, Role.FINANCE}
RECRUITING = {Role.ADMINISTRATOR, Role.RECRUITER}
ADMINISTRATORS = {Role.ADMINISTRATOR}

# The first that fits: the beginning of a path, who may read there, who may write.
TABLE = (
    ("/livez", EVERYBODY, set()),
    ("/readyz", EVERYBODY, set()),
    ("/api/v1/health/", EVERYBODY, set()),
    ("/api/v1/accounts/me/", KNOWN, set()),
    # They calculate, and write nothing.
    ("/api/v1/finance/pln-taxes/calculate-", ROLES, ROLES),
    ("/api/v1/finance/salary-calculations/convert/", ROLES, ROLES),
    ("/api/v1/finance/", ROLES, MONEY),
    ("/api/v1/vacancies/", ROLES, RECRUITING),
    ("/api/v1/interviewers/", ROLES, RECRUITING),
    # Candidates' data, and what is asked of others with the team's own access.
    ("/api/v1/huntflow/applicants/", RECRUITING, RECRUITING),
    ("/api/v1/huntflow/accounts/{id}/tags/", RECRUITING, RECRUITING),
    ("/api/v1/huntflow/connection/", RECRUITING, ADMINISTRATORS),
    ("/api/v1/huntflow/", ROLES, RECRUITING),
    ("/api/v1/gemini/key/", RECRUITING, ADMINISTRATORS),
    ("/api/v1/gemini/", RECRUITING, RECRUITING),
    ("/api/v1/google/", RECRUITING, RECRUITING),
)
SIGNED = {"/api/v1/huntflow/webhooks/"}  # the signature is the login, whoever asks

API = "/api/v1/"
PATHS = SchemaGenerator().get_schema(request=None, public=True)["paths"]
OPERATIONS = [
    (method, path)
    for path, operations in PATHS.items()
    for method in operations
    if path not in SIGNED
]


def allowed(method, path):
    for beginning, readers, writers in TABLE:
        if path.startswith(beginning):
            return readers if method == "get" else writers
    raise AssertionError(f"nobody has decided who may {method} {path}")


def client_of(who):
    client = APIClient(raise_request_exception=False)
    if who != "anonymous":
        person = User.objects.create(username="person")
        if who in ROLES:
            grant(person, who)
        client.force_login(person)  # as a browser: some operations are for it alone
    return client


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_every_operation_is_for_those_it_is_meant_for(who):
    """Who may not is told so before anything is looked up; 401 where a login would help."""
    client = client_of(who)
    refusal = 401 if who == "anonymous" else 403
    wrong = {}
    for method, path in OPERATIONS:
        # There are no rows: whoever may gets 404, or is told what the empty body lacks.
        address = path.replace("{id}", "999999").replace("{folder}", "x").replace("{key}", "x")
        status = getattr(client, method)(address, {}).status_code
        assert "{" not in address
        may = who in allowed(method, path)
        documented = str(status) in PATHS[path][method]["responses"]
        if (status in (401, 403)) is may or (not may and status != refusal) or not documented:
            wrong[f"{method} {path}"] = status
    assert wrong == {}


def test_every_address_stands_in_the_document():
    """One that does not is tried for nobody."""
    routes = {route for route in routes_of(get_resolver()) if route.startswith(API)}
    documented = {re.sub(r"{[^}]*}", "{}", path) for path in PATHS}
    assert len(routes) > 40
    assert routes - documented == {f"{API}schema/"}


def routes_of(resolver, before="/"):
    """Addresses of the URL configuration, with {} for what differs."""
    for one in resolver.url_patterns:
        pattern = re.sub(r"\(\?P<\w+>[^)]*\)|<[^>]*>", "{}", str(one.pattern))
        route = before + re.sub(r"\^|\$|\\Z", "", pattern)
        if hasattr(one, "url_patterns"):
            yield from routes_of(one, route)
        else:
            yield route


def test_webhook_without_a_signature_is_401(api, anonymous):
    """Also for somebody who is logged in."""
    for path in SIGNED:
        for client in (api, anonymous):
            assert client.post(path, {}, format="json").status_code == 401


def test_superuser_counts_as_administrator():
    """Who sets the application up has no group yet."""
    client = APIClient()
    client.force_authenticate(User.objects.create(username="root", is_superuser=True))
    assert client.get("/api/v1/accounts/me/").json()["role"] == Role.ADMINISTRATOR
    assert client.post("/api/v1/finance/grades/", {"name": "x", "rank": 1}).status_code == 201
