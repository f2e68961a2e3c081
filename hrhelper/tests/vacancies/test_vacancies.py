"""Vacancies: what recruiters do with them."""

import pytest

from apps.vacancies.models import Vacancy

VACANCIES = "/api/v1/vacancies/"
pytestmark = pytest.mark.django_db


def names(answer):
    assert answer.status_code == 200
    return [one["name"] for one in answer.json()["results"]]


@pytest.fixture
def vacancies(db):
    for number, (name, recruiter, active) in enumerate(
        (("Tester", "olga", True), ("Analyst", "Olga Novik", True), ("Driver", "Petr", False))
    ):
        Vacancy.objects.create(
            external_id=f"v{number}", name=name, recruiter=recruiter, is_active=active
        )


def test_life_of_a_vacancy(api):
    """Create, read, change, delete."""
    body = {"external_id": "v", "name": "Tester", "scorecard_link": "https://example.org/card"}
    made = api.post(VACANCIES, body)
    assert made.status_code == 201
    assert made.json()["screening_minutes"] == 45
    address = f"{VACANCIES}{made.json()['id']}/"
    assert api.patch(address, {"name": "Analyst"}).json()["name"] == "Analyst"
    assert api.get(address).json()["scorecard_link"] == "https://example.org/card"
    assert api.delete(address).status_code == 204
    assert api.get(address).status_code == 404


def test_every_field_comes_back_as_it_was_given(api, world):
    """Also after it was read again."""
    given = {
        "external_id": "v",
        "name": "Tester",
        "recruiter": "olga",
        "invite_title": "We invite you",
        "invite_text": "Come and see",
        "scorecard_link": "https://example.org/card",
        "screening_questions": "Why?\nSince when?",
        "screening_minutes": 30,
        "screening_stage_id": 7,
        "interview_stage_id": 8,
        "grades": [world.grade.id],
        "interviewers": [world.interviewer.id],
        "is_active": False,
    }
    made = api.post(VACANCIES, given).json()["id"]
    read = api.get(f"{VACANCIES}{made}/").json()
    assert {name: read[name] for name in given} == given


@pytest.mark.parametrize("minutes", [0, 4, 481])
def test_screening_has_a_sensible_length(api, minutes):
    """A calendar is blocked by it."""
    body = {"external_id": "v", "name": "x", "screening_minutes": minutes}
    assert set(api.post(VACANCIES, body).json()["error"]["details"]) == {"screening_minutes"}


def test_lists_of_ids_are_bounded(api):
    """Each id is looked up."""
    body = {"external_id": "v", "name": "x", "grades": [1] * 101}
    answer = api.post(VACANCIES, body)
    assert answer.json()["error"]["details"] == {"grades": ["There are more than 100 ids."]}


def test_vacancies_are_filtered(api, world):
    """By what they have and by who interviews for them."""
    for query, count in (
        ({"grade": world.grade.id}, 0), ({"interviewer": world.interviewer.id}, 0),
        ({"is_active": "true"}, 1), ({"recruiter": "petr"}, 0), ({"recruiter": "olga"}, 1),
    ):  # fmt: skip
        assert api.get(VACANCIES, query).json()["count"] == count
    world.vacancy.grades.add(world.grade)
    world.vacancy.interviewers.add(world.interviewer)
    both = {"grade": world.grade.id, "interviewer": world.interviewer.id}
    assert names(api.get(VACANCIES, both)) == ["Tester"]
    assert names(api.get(f"{VACANCIES}search/", {"q": "", "is_active": "false"})) == []


def test_search_knows_letters_beyond_ascii(api):
    """Recruiters here write Russian, and SQLite's own comparison does not know its capitals."""
    address = api.post(VACANCIES, {"external_id": "v", "name": "Тестировщик Ёлок"}).json()["id"]
    assert names(api.get(f"{VACANCIES}search/", {"q": "ТЕСТИРОВЩИК ё"})) == ["Тестировщик Ёлок"]
    api.patch(f"{VACANCIES}{address}/", {"name": "Аналитик"})
    assert names(api.get(f"{VACANCIES}search/", {"q": "тестировщик"})) == []
    api.post(f"{VACANCIES}{address}/toggle-active/")
    assert names(api.get(f"{VACANCIES}search/", {"q": "АНАЛИТИК"})) == ["Аналитик"]


@pytest.mark.parametrize("text", ["\x00", "tes\x00ter", "x" * 5000, "%", "_"])
def test_search_for_odd_characters_is_an_answer(api, vacancies, text):
    """PostgreSQL refuses the first; % and _ mean themselves."""
    found = names(api.get(f"{VACANCIES}search/", {"q": text}))
    assert len(found) == {"\x00": 3, "tes\x00ter": 1}.get(text, 0)


def test_external_id_is_unique_and_finds_its_vacancy(api, vacancies):
    """By it the applicant tracking system and this one speak of the same thing."""
    assert api.post(VACANCIES, {"external_id": "v1", "name": "x"}).status_code == 400
    assert names(api.get(VACANCIES, {"external_id": "v1"})) == ["Analyst"]


def test_my_vacancies_are_those_of_who_asks(api, vacancies):
    """Recruiters are written down by login or by full name."""
    assert names(api.get(f"{VACANCIES}my-vacancies/")) == ["Analyst", "Tester"]


def test_vacancy_without_a_recruiter_is_nobodys(api, user):
    """A user without a full name must not get all that have none."""
    user.first_name = user.last_name = ""
    user.save()
    Vacancy.objects.create(external_id="v", name="Nobody's", recruiter="")
    assert names(api.get(f"{VACANCIES}my-vacancies/")) == []


def test_toggle_switches_off_and_on(api, world):
    """Each call once."""
    address = f"{VACANCIES}{world.vacancy.id}/toggle-active/"
    assert [api.post(address).json()["is_active"] for _ in range(3)] == [False, True, False]


def test_assigned_grades_replace_those_of_before(api, world):
    """And the answer shows them."""
    address = f"{VACANCIES}{world.vacancy.id}/assign-grades/"
    for grades in ([world.grade.id], [world.free_grade.id], []):
        answer = api.post(address, {"grades": grades}, format="json")
        assert answer.json()["grades"] == grades
    assert api.post(address, {"grades": [999_999]}, format="json").status_code == 400


@pytest.mark.parametrize(
    ("text", "found"), [("test", ["Tester"]), ("OLGA", ["Analyst", "Tester"]), ("none", [])]
)
def test_search_looks_at_name_and_recruiter(api, vacancies, text, found):
    """In any case of letters."""
    assert names(api.get(f"{VACANCIES}search/", {"q": text})) == found


def test_stats_count_all_and_active(api, vacancies):
    """The team's two numbers."""
    assert api.get(f"{VACANCIES}stats/").json() == {"total": 3, "active": 2}
