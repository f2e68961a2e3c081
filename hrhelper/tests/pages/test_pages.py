"""The recruiter's pages: who may see what, in two languages, with one policy."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.roles import Role, grant
from apps.gemini.models import Analysis
from apps.huntflow import models as huntflow
from apps.vacancies.models import Vacancy
from logic.finance.amounts import update_amounts

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"
FOR_ALL = ("/", "/vacancies/{vacancy}/", "/salaries/")
FOR_RECRUITERS = (
    "/candidates/",
    "/candidates/{applicant}/",
    "/candidates/sync/",
    "/analyses/",
    "/analyses/{analysis}/",
    "/vacancies/{vacancy}/analysis/",
)
WHEN = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def visit(db):
    """A browser of a person with a role (None: with none), in a language."""

    def visiting(role, language="en"):
        person = User.objects.create(username=f"{role}")
        if role:
            grant(person, role)
        browser = Client(headers={"accept-language": language}, raise_request_exception=False)
        browser.force_login(person)
        return browser

    return visiting


@pytest.fixture
def shown(world):
    """The ids of what there is to be seen."""
    account = huntflow.Account.objects.create(external_id=1, name="Org", nick="org")
    huntflow.Vacancy.objects.create(account=account, external_id=77, position="Tester there")
    huntflow.Status.objects.create(account=account, external_id=3, name="Offer", order=1)
    one = huntflow.Applicant.objects.create(
        account=account, external_id=5, first_name="Ян", last_name="Ёлкин", search_text="ёлкин ян"
    )
    huntflow.Link.objects.create(applicant=one, vacancy=77, status=3)
    analysis = Analysis.objects.create(
        vacancy=world.vacancy, candidate="Ян", score=70, recommendation="invite", summary="Good",
        strengths=["Django"], gaps=["Kafka"], model="m", tokens_used=2, response_ms=1,
    )  # fmt: skip
    update_amounts(world.salary_range)
    return {"vacancy": world.vacancy.id, "applicant": one.id, "analysis": analysis.id}


def text_of(answer, status=200):
    """What a person reads, without the tags."""
    assert answer.status_code == status, answer.content
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_login_leads_to_where_one_wanted(shown, world):
    """Anonymous visitors log in first; a wrong password is told in their language."""
    grant(User.objects.create_user("olga2", password=PASSWORD), Role.VIEWER)
    browser = Client()
    asked = browser.get("/salaries/", follow=True)
    assert asked.redirect_chain == [("/login/?next=/salaries/", 302)]
    form = {"username": "olga2", "password": "wrong", "next": "/salaries/"}
    assert "введите правильные" in text_of(browser.post("/login/", form))
    done = browser.post("/login/", form | {"password": PASSWORD})
    assert (done.status_code, done["Location"]) == (302, "/salaries/")
    assert browser.get("/salaries/").status_code == 200
    assert browser.post("/logout/")["Location"] == "/login/"
    assert browser.get("/salaries/").status_code == 302


def test_login_does_not_lead_elsewhere(shown):
    """A link with somebody's address in it must not send people there."""
    User.objects.create_user("olga2", password=PASSWORD)
    form = {"username": "olga2", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/login/", form)["Location"] == "/"


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize("path", FOR_ALL + FOR_RECRUITERS)
def test_each_page_is_for_those_who_may_see_it(visit, shown, role, path):
    """Candidates' data are for recruiters and administrators alone."""
    recruits = role in (Role.ADMINISTRATOR, Role.RECRUITER)
    expected = 200 if recruits or (role and path in FOR_ALL) else 403
    answer = visit(role).get(path.format(**shown))
    assert answer.status_code == expected
    if expected == 200:
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert answer["Cache-Control"] == "no-store"
        assert not re.search(r"<script|style=|\son\w+=", answer.content.decode())


@pytest.mark.parametrize("path", FOR_ALL + FOR_RECRUITERS)
def test_anonymous_visitors_log_in(shown, path):
    """Each page, not only the first."""
    assert Client().get(path.format(**shown))["Location"].startswith("/login/?next=/")


def test_salaries_are_shown_in_all_currencies(visit, shown, world):
    """Of the world's range of 1000 to 2001 USD, as numbers are written in each language."""
    page = text_of(visit(Role.VIEWER).get("/salaries/"))
    assert "Tester Senior 1,000–2,001 3,270–6,543 3,935–7,874 919–1,838" in page
    assert "10 PLN = 8.3100 BYN" in page
    russian = text_of(visit(Role.FINANCE, "ru").get("/salaries/"))
    assert "1\xa0000–2\xa0001" in russian.replace("&nbsp;", "\xa0") or "1 000–2 001" in russian
    assert "10 PLN = 8,3100 BYN" in russian


def test_salaries_are_narrowed_down_to_a_grade(visit, shown, world):
    """A grade that nobody has shows none."""
    browser = visit(Role.VIEWER)
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


def test_vacancy_is_closed_and_opened_by_recruiters_alone(visit, shown, world):
    """A viewer sees no button, and cannot do without it either."""
    address = f"/vacancies/{world.vacancy.id}/"
    viewer = visit(Role.VIEWER)
    assert '<form method="post">' not in viewer.get(address).content.decode()
    assert viewer.post(address).status_code == 403
    recruiter = visit(Role.RECRUITER)
    for state in (False, True):
        assert recruiter.post(address)["Location"] == address
        assert Vacancy.objects.get(id=world.vacancy.id).is_active is state


def test_analyses_of_a_vacancy_are_not_for_viewers(visit, shown, world):
    """They speak of candidates."""
    address = f"/vacancies/{world.vacancy.id}/"
    assert "invite" in text_of(visit(Role.RECRUITER).get(address))
    assert "invite" not in text_of(visit(Role.VIEWER).get(address))


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


@pytest.mark.parametrize("path", FOR_ALL + FOR_RECRUITERS)
def test_russian_pages_have_no_english_words(visit, shown, path):
    """A word that was forgotten in the catalogue stays English."""
    page = text_of(visit(Role.RECRUITER, "ru").get(path.format(**shown)))
    data = {"HR", "Helper", "Huntflow", "Gemini", "English", "Tester", "Senior", "Free", "olga",
            "recruiter", "USD", "BYN", "PLN", "EUR", "there", "Offer", "Django", "Kafka", "Good",
            "m", "quot", "nbsp", "x27"}  # fmt: skip
    assert set(re.findall(r"[A-Za-z]\w*", page)) <= data


@pytest.mark.parametrize(
    "query", [{"q": "a\x00b"}, {"grade": "9" * 30}, {"grade": "x"}, {"q": "x" * 5000}]
)
@pytest.mark.parametrize("path", ["/", "/salaries/", "/candidates/"])
def test_odd_questions_are_answered(visit, shown, path, query):
    """They are no reason to fail."""
    assert visit(Role.RECRUITER).get(path, query).status_code == 200


@pytest.mark.parametrize("page", ["0", "x", "9" * 30])
def test_page_that_is_not_there_is_404(visit, shown, page):
    """In words."""
    assert "nothing here" in text_of(visit(Role.RECRUITER).get("/", {"page": page}), 404)


def test_language_is_switched_by_hand_and_kept(visit, shown):
    """Whatever the browser asks for."""
    browser = visit(Role.VIEWER, "en")
    answer = browser.post("/language/", {"language": "ru", "next": "/salaries/"})
    assert answer["Location"] == "/salaries/"
    assert "Зарплатные вилки" in text_of(browser.get("/salaries/"))


def test_every_post_needs_a_token_of_the_form(shown, world):
    """Another site's form must not close vacancies."""
    person = User.objects.create(username="r")
    grant(person, Role.RECRUITER)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    for path in (f"/vacancies/{world.vacancy.id}/", "/candidates/sync/", "/logout/", "/language/"):
        assert browser.post(path).status_code == 403


def test_number_of_queries_does_not_grow_with_rows(visit, shown, world):
    """On no page with a list."""
    browser = visit(Role.RECRUITER)
    account = huntflow.Account.objects.get()
    counts = {path: [] for path in ("/", "/salaries/", "/candidates/", "/analyses/")}
    for start, end in ((10, 12), (12, 30)):
        for number in range(start, end):
            vacancy = Vacancy.objects.create(external_id=f"v{number}", name="x")
            vacancy.grades.set([world.grade])
            world.salary_range.pk = None
            world.salary_range.vacancy = vacancy
            world.salary_range.save()
            one = huntflow.Applicant.objects.create(account=account, external_id=number)
            huntflow.Link.objects.create(applicant=one, vacancy=number, status=number)
            Analysis.objects.create(
                vacancy=vacancy, score=1, recommendation="invite", tokens_used=1, response_ms=1
            )
        for path, seen in counts.items():
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(path).status_code == 200
            seen.append(len(captured))
    assert all(few == many for few, many in counts.values()), counts


def test_pages_are_reachable_by_keyboard_and_named_for_readers(visit, shown):
    """A language, a title, one heading, a way past the menu, and a label for each field."""
    browser = visit(Role.RECRUITER)
    for path in FOR_ALL + FOR_RECRUITERS:
        page = browser.get(path.format(**shown)).content.decode()
        assert '<html lang="en">' in page
        assert page.count("<h1>") == 1
        assert 'href="#content"' in page
        assert 'id="content"' in page
        assert 'name="viewport"' in page
        fields = re.findall(r"<(?:input|select|textarea|meter|progress)\b[^>]*>", page)
        for field in fields:
            if 'type="hidden"' in field or 'type="checkbox"' in field:
                continue  # a checkbox lies in its label
            name = re.search(r'id="([^"]+)"', field)
            assert name, field
            assert f'for="{name[1]}"' in page, field


def test_stylesheet_is_served_without_a_proxy():
    """A demonstration has none."""
    answer = Client().get("/static/pages/style.css")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/css")
    answer.close()


def test_pages_of_errors_have_words(visit):
    """In the visitor's language."""
    assert "Здесь ничего нет" in text_of(visit(Role.VIEWER, "ru").get("/nothing/"), 404)
    assert "роли" in text_of(visit(None, "ru").get("/"), 403)


def test_catalogue_has_every_text_of_the_templates():
    """Also of pages that no test opens."""
    catalogue = (settings.BASE_DIR / "locale/ru/LC_MESSAGES/django.po").read_text("utf-8")
    for file in Path(settings.BASE_DIR / "apps/pages/templates").rglob("*.html"):
        for _, text in re.findall(r"{% translate (['\"])(.+?)\1 %}", file.read_text("utf-8")):
            assert f'msgid "{text}"' in catalogue, (file.name, text)
