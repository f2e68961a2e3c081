"""An analysis asks Gemini for a typed verdict, and keeps it."""

from apps.gemini.models import Analysis
from apps.vacancies.models import Vacancy
from tests.gemini.conftest import KEY
from tests.servers.gemini import GOOD_VERDICT

ANALYZE = "/api/v1/gemini/analyze/"
ANALYSES = "/api/v1/gemini/analyses/"


def test_verdict_is_kept_with_what_it_cost(api, connected, world, user):
    """And the candidate's text is not."""
    body = {"vacancy": world.vacancy.id, "text": "Ten years of testing", "candidate": "c-7"}
    answer = api.post(ANALYZE, body)
    assert answer.status_code == 201, answer.content
    made = Analysis.objects.get()
    for name, value in GOOD_VERDICT.items():
        assert getattr(made, name) == answer.json()[name] == value
    assert (made.user, made.candidate, made.tokens_used) == (user, "c-7", 10)
    assert made.response_ms >= 0
    assert "Ten years" not in str(Analysis.objects.values())


def test_gemini_is_asked_by_the_settings(api, connected, world):
    """Version, model and key where Google documents them; both texts, and the form."""
    api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "Ten years", "wishes": "Be strict."})
    ((path, headers, question),) = connected.asked
    assert path == "/v1beta/models/gemini-flash-latest:generateContent"
    assert headers["x-goog-api-key"] == KEY
    text = question["contents"][0]["parts"][0]["text"]
    assert world.vacancy.name in text
    assert "Ten years" in text
    assert "Be strict." in question["systemInstruction"]["parts"][0]["text"]
    assert set(question["generationConfig"]["responseSchema"]["required"]) == set(GOOD_VERDICT)


def test_analyses_are_found_by_their_vacancy_and_deleted(api, connected, world):
    """The team shares them; a candidate may ask for the deletion."""
    other = Vacancy.objects.create(external_id="other", name="Driver")
    made = api.post(ANALYZE, {"vacancy": world.vacancy.id, "text": "x"}).json()
    assert api.get(ANALYSES, {"vacancy": world.vacancy.id}).json()["count"] == 1
    assert api.get(ANALYSES, {"vacancy": other.id}).json()["count"] == 0
    assert api.get(ANALYSES, {"vacancy": "x"}).status_code == 400
    assert api.get(f"{ANALYSES}{made['id']}/").json() == made
    assert api.delete(f"{ANALYSES}{made['id']}/").status_code == 204
    assert not Analysis.objects.exists()


def test_text_has_an_upper_length(api, connected, world):
    """Tokens cost money."""
    body = {"vacancy": world.vacancy.id, "text": "x" * 100_001}
    assert api.post(ANALYZE, body).status_code == 400
    assert connected.asked == []
