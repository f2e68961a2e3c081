"""Who may see and do what on the pages, by which means, and with what policy."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.accounts.roles import Role, grant
from apps.vacancies.models import Vacancy
from tests.pages.reading import FOR_ALL, FOR_RECRUITERS, text_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough one"


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


def test_every_post_needs_a_token_of_the_form(shown, world):
    """Another site's form must not close vacancies."""
    person = User.objects.create(username="r")
    grant(person, Role.RECRUITER)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    for path in (f"/vacancies/{world.vacancy.id}/", "/candidates/sync/", "/logout/", "/language/"):
        assert browser.post(path).status_code == 403


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
