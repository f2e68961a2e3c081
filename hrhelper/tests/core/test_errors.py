"""One envelope for every error, and a status that tells the truth."""

import pytest

from apps.finance.models import Grade
from apps.finance.views.grades import GradeViewSet

pytestmark = pytest.mark.django_db


def error_of(answer, status):
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message", "details"}
    return answer.json()["error"]


def test_anonymous_call_is_401_with_its_challenge(anonymous):
    """Not 403 and not 500: the client must know that a login would help."""
    answer = anonymous.get("/api/v1/finance/grades/")
    assert error_of(answer, 401)["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Token"


def test_wrong_token_is_401(anonymous):
    """A revoked token is a login that is over, not a server that is broken."""
    anonymous.credentials(HTTP_AUTHORIZATION="Token wrong")
    assert error_of(anonymous.get("/api/v1/vacancies/"), 401)["code"] == "authentication_failed"


@pytest.mark.parametrize("path", ["finance/grades/999999/", "nothing/here/"])
def test_what_is_not_there_is_404(api, path):
    """Also where no endpoint would have made the envelope."""
    assert error_of(api.get(f"/api/v1/{path}"), 404)["code"] == "not_found"


def test_page_outside_the_api_keeps_its_html(anonymous):
    """The admin's visitors have browsers."""
    answer = anonymous.get("/nothing")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


def test_unknown_host_is_400_in_the_envelope(anonymous):
    """Django answers it before any endpoint is asked."""
    answer = anonymous.get("/api/v1/nothing/", HTTP_HOST="elsewhere.example")
    assert error_of(answer, 400)["code"] == "bad_request"


def test_wrong_fields_are_named(api):
    """The form shows each message beside its field."""
    error = error_of(api.post("/api/v1/finance/grades/", {"rank": "x"}), 400)
    assert error["code"] == "validation_error"
    assert set(error["details"]) == {"name", "rank"}


def test_what_others_depend_on_is_409(api, world):
    """A grade in use cannot go, and that is no fault of the server."""
    answer = api.delete(f"/api/v1/finance/grades/{world.grade.id}/")
    assert error_of(answer, 409)["code"] == "conflict"
    assert Grade.objects.filter(id=world.grade.id).exists()


def test_wrong_method_and_wrong_type_are_told_apart(api):
    """405 and 415, not a 400 for all."""
    assert error_of(api.put("/api/v1/finance/grades/"), 405)["code"] == "method_not_allowed"
    answer = api.post("/api/v1/finance/grades/", "x", content_type="text/plain")
    assert error_of(answer, 415)["code"] == "unsupported_media_type"


def test_bug_is_500_and_says_nothing_of_itself(api, monkeypatch):
    """A traceback in an answer tells strangers what is where."""

    def broken(self, request):
        raise RuntimeError("the innermost secret")

    monkeypatch.setattr(GradeViewSet, "list", broken)
    answer = api.get("/api/v1/finance/grades/")
    assert error_of(answer, 500)["code"] == "server_error"
    assert b"secret" not in answer.content
