"""What the recruiter's pages show and do."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.views.generic import ListView

from apps.accounts.roles import Role
from apps.finance.models import Grade, SalaryRange
from apps.gemini.models import Analysis
from apps.huntflow import models as huntflow
from apps.interviewers.models import Interviewer
from apps.pages import urls as pages
from apps.vacancies.models import Vacancy
from tests.pages.reading import text_of

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_salaries_are_shown_in_all_currencies(visit, shown, world):
    """Of the world's range of 1000 to 2001 USD, as numbers are written in each language."""
    page = text_of(visit(Role.VIEWER).get("/salaries/"))
    assert "Tester Senior 1,000–2,001 3,270–6,543 3,935–7,874 919–1,838" in page
    assert "10 PLN = 8.3100 BYN" in page
    russian = text_of(visit(Role.FINANCE, "ru").get("/salaries/"))
    assert "1\xa0000–2\xa0001" in russian.replace("&nbsp;", "\xa0") or "1 000–2 001" in russian
    assert "10 PLN = 8,3100 BYN" in russian


def test_range_that_is_not_derived_yet_is_explained(visit, shown, world):
    """A dot for a number is nobody's idea of an answer; with all of them there is no such line."""
    browser, told = visit(Role.VIEWER), "not derived yet"
    pages = ("/salaries/", f"/vacancies/{world.vacancy.id}/")
    assert [told in text_of(browser.get(path)) for path in pages] == [False, False]
    world.salary_range.amounts.all().delete()
    assert [told in text_of(browser.get(path)) for path in pages] == [True, True]


def test_salaries_are_narrowed_down(visit, shown, world):
    """A grade that nobody has shows none; a vacancy is found by its name, in any case."""
    browser = visit(Role.VIEWER)
    assert "Tester" in text_of(browser.get("/salaries/", {"q": "TEST"}))
    assert "Tester" not in text_of(browser.get("/salaries/", {"q": "nobody"}))
    assert "Tester" in text_of(browser.get("/salaries/", {"grade": world.grade.id}))
    assert "Tester" not in text_of(browser.get("/salaries/", {"grade": world.free_grade.id}))


def test_vacancies_are_found_by_words_and_switches(visit, shown):
    """In any case of letters; one's own, and the open ones."""
    recruiter = visit(Role.RECRUITER)
    Vacancy.objects.create(external_id="a", name="Аналитик", recruiter="recruiter", is_active=False)
    assert "1 vacancy" in text_of(recruiter.get("/", {"q": "АНАЛ"}))
    assert "Аналитик" in text_of(recruiter.get("/", {"mine": "1"}))
    assert "Аналитик" not in text_of(recruiter.get("/", {"active": "1"}))
    assert "Nothing was found." in text_of(recruiter.get("/", {"q": "nobody"}))


def test_candidates_have_names_of_vacancies_and_stages(visit, shown):
    """Not Huntflow's numbers."""
    browser = visit(Role.RECRUITER)
    page = text_of(browser.get("/candidates/", {"q": "ЁЛК"}))
    assert "1 candidate " in page
    assert "Ёлкин Ян — Tester there: Offer" in page
    assert "Ёлкин" not in text_of(browser.get("/candidates/", {"q": "nobody"}))


def test_candidate_of_an_own_vacancy_can_be_analysed_for_it(visit, shown, world):
    """The vacancy that names Huntflow's; the name is filled in."""
    Vacancy.objects.filter(id=world.vacancy.id).update(external_id="77")
    browser = visit(Role.RECRUITER)
    page = browser.get(f"/candidates/{shown['applicant']}/").content.decode()
    link = re.search(r'href="(/vacancies/\d+/analysis/\?candidate=[^"]+)"', page)
    assert link[1].startswith(f"/vacancies/{world.vacancy.id}/analysis/")
    assert 'value="Ёлкин Ян"' in browser.get(link[1]).content.decode()


def test_candidates_of_a_vacancy_are_a_step_away_from_it(visit, shown, world):
    """Where Huntflow has the vacancy under its number; there are no others on that page."""
    browser, address = visit(Role.RECRUITER), f"/vacancies/{world.vacancy.id}/"
    assert "?vacancy=" not in browser.get(address).content.decode()
    Vacancy.objects.filter(id=world.vacancy.id).update(external_id="77")
    assert 'href="/candidates/?vacancy=77"' in browser.get(address).content.decode()
    assert "Vacancy: Tester there" in text_of(browser.get("/candidates/", {"vacancy": "77"}))
    assert "Ёлкин" in text_of(browser.get("/candidates/", {"vacancy": "77"}))
    assert "Ёлкин" not in text_of(browser.get("/candidates/", {"vacancy": "78"}))


def test_what_was_done_is_told(visit, shown, world):
    """A button without an answer is pressed twice."""
    browser, address = visit(Role.RECRUITER), f"/vacancies/{world.vacancy.id}/"
    for words in ("The vacancy is closed.", "The vacancy is open again."):
        assert words in text_of(browser.post(address, follow=True))


def test_sync_is_watched_until_it_is_over(visit, shown):
    """The page asks for itself again only while there is something to wait for."""
    browser = visit(Role.RECRUITER)
    job = huntflow.SyncJob.objects.create(
        state="running", stage="applicants", page=20, total_pages=667, seen=600, changed=3
    )
    page = browser.get("/candidates/sync/").content.decode()
    assert '<progress id="progress" max="667" value="20">' in page
    assert 'http-equiv="refresh"' in page
    job.state, job.is_open, job.finished_at = "done", None, WHEN
    job.save()
    page = browser.get("/candidates/sync/").content.decode()
    assert 'http-equiv="refresh"' not in page
    assert "<progress" not in page


def test_sync_without_a_connection_is_told(visit, shown):
    """And nothing is started."""
    answer = visit(Role.RECRUITER).post("/candidates/sync/", follow=True)
    assert "Huntflow is not connected" in text_of(answer)
    assert not huntflow.SyncJob.objects.exists()


def test_analysis_without_a_key_is_told_and_what_was_typed_stays(visit, shown, world):
    """422, in words; a resume must not be typed twice."""
    address = f"/vacancies/{world.vacancy.id}/analysis/"
    form = {"text": "My resume", "candidate": "Ян", "wishes": ""}
    page = text_of(visit(Role.RECRUITER, "ru").post(address, form), 422)
    assert "У Gemini ещё нет ключа" in page
    assert "My resume" in page


@pytest.mark.parametrize(
    "query",
    [
        {"vacancy": "²"},
        {"vacancy": "9" * 30},
        {"grade": "-1"},
        {"q": "a\x00b"},
        {"grade": "9" * 30},
        {"grade": "x"},
        {"q": "x" * 5000},
    ],
)
@pytest.mark.parametrize("path", ["/", "/salaries/", "/candidates/"])
def test_odd_questions_are_answered(visit, shown, path, query):
    """They are no reason to fail."""
    assert visit(Role.RECRUITER).get(path, query).status_code == 200


@pytest.mark.parametrize("page", ["0", "x", "9" * 30])
def test_page_that_is_not_there_is_404(visit, shown, page):
    """In words."""
    assert "nothing here" in text_of(visit(Role.RECRUITER).get("/", {"page": page}), 404)


LISTS = ("/", "/salaries/", "/candidates/", "/analyses/")


def test_every_page_with_a_list_is_counted():
    """A new one joins those below."""
    lists = [one for one in pages.urlpatterns if issubclass(one.callback.view_class, ListView)]
    assert {f"/{one.pattern}" for one in lists} == set(LISTS)


def test_number_of_queries_does_not_grow_with_rows(visit, shown, world):
    """On no page with a list, and on none with something of which there may be many."""
    browser = visit(Role.RECRUITER)
    one_vacancy, one_candidate = "/vacancies/{vacancy}/", "/candidates/{applicant}/"
    details = [path.format(**shown) for path in (one_vacancy, one_candidate)]
    counts = {path: [] for path in (*LISTS, *details)}
    for start, end in ((10, 12), (12, 30)):
        for number in range(start, end):
            fill(world, shown, number)
        for path, seen in counts.items():
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            seen.append(len(captured))
    assert all(few == many for few, many in counts.values()), counts


def fill(world, shown, number):
    """A row more in each list, and more of what the two details show."""
    grade = Grade.objects.create(name=f"g{number}", rank=number)
    vacancy = Vacancy.objects.create(external_id=f"v{number}", name="x")
    interviewer = Interviewer.objects.create(name="x", email=f"{number}@example.org")
    vacancy.grades.set([world.grade])
    world.vacancy.grades.add(grade)
    world.vacancy.interviewers.add(interviewer)
    account = huntflow.Account.objects.get()
    applicant = huntflow.Applicant.objects.create(account=account, external_id=number)
    for one in (applicant.id, shown["applicant"]):
        huntflow.Link.objects.create(applicant_id=one, vacancy=number, status=number)
    for one in (vacancy, world.vacancy):
        SalaryRange.objects.create(vacancy=one, grade=grade, min_usd=Decimal(1), max_usd=Decimal(2))
        Analysis.objects.create(
            vacancy=one, score=1, recommendation="invite", tokens_used=1, response_ms=1
        )
