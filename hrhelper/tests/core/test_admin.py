"""The admin for daily use: every page opens, by role, and shows no secret."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.authtoken.models import Token

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.accounts.roles import Role, grant
from apps.finance.models import Benchmark, BenchmarkSettings, CurrencyRate
from apps.gemini.models import Analysis, ChatMessage, ChatSession
from apps.google_oauth.models import Grant
from apps.huntflow import models as huntflow
from apps.interviewers.models import Interview, Interviewer
from apps.vacancies.models import Vacancy

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = [model for model in MODELS if model.__module__.startswith("apps.")]
SECRET = "the-secret-canary"


def page(model, name="changelist", *arguments):
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{name}", args=arguments)


@pytest.fixture
def staff(db):
    """A browser of somebody with a role who may enter the admin."""

    def entering(role):
        person = User.objects.create(username=f"staff {role}", is_staff=True)
        if role:
            grant(person, role)
        browser = Client(raise_request_exception=False)
        browser.force_login(person)
        return browser

    return entering


@pytest.fixture
def everything(world, user):
    """A row of each of our models that the admin has."""
    account = huntflow.Account.objects.create(external_id=1, name="Org", nick="org")
    huntflow.Vacancy.objects.create(account=account, external_id=1, position="Tester")
    huntflow.Status.objects.create(account=account, external_id=1, name="New", order=1)
    applicant = huntflow.Applicant.objects.create(
        account=account, external_id=1, last_name="Ёлкин", search_text="ёлкин"
    )
    huntflow.Link.objects.create(applicant=applicant, vacancy=1, status=1)
    huntflow.SyncJob.objects.create()
    huntflow.WebhookDelivery.objects.create(key="k", event_type="PING", account=1)
    Analysis.objects.create(
        vacancy=world.vacancy, user=user, score=1, recommendation="invite",
        tokens_used=1, response_ms=1,
    )  # fmt: skip
    BenchmarkSettings.current().save()
    credentials.store("gemini", SECRET, kind=Credential.Kind.GEMINI)
    Grant.objects.create(user=user)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_page_opens_and_shows_no_secret(admin_client, everything, user, model):
    """The list, a search, the form of a new row, and that of one that is there."""
    token = Token.objects.get_or_create(user=user)[0].key
    hidden = (SECRET, token, *Credential.objects.values_list("secret", flat=True))
    addresses = [page(model), f"{page(model)}?q=x"]
    one = model._default_manager.first()
    assert one is not None or model not in OURS
    if one is not None:
        addresses += [page(model, "change", one.pk), page(model, "delete", one.pk)]
    for address in addresses:
        answer = admin_client.get(address)
        assert answer.status_code in (200, 403), address
        assert answer.status_code == 200 or "delete" in address
        text = answer.content.decode()
        assert not [word for word in hidden if word in text], address
    assert admin_client.get(page(model, "add")).status_code in (200, 403)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_russian_pages_have_no_english_words(admin_client, everything, model):
    """Neither those of our models, nor of the parts they stand in."""
    data = {"HR", "Helper", "Huntflow", "Gemini", "Google", "USD", "BYN", "PLN", "EUR", "Tester",
            "Senior", "Free", "Income", "tax", "olga", "gemini", "Ida", "ida", "example", "org",
            "Org", "New", "hh", "ru", "one", "k", "PING", "accounts", "Control", "Command", "Mac",
            "admin", "ID", "rsaquo", "lsaquo"}  # fmt: skip
    one = model._default_manager.first()
    for address in (page(model), page(model, "change", one.pk), "/admin/"):
        answer = admin_client.get(address, headers={"accept-language": "ru"})
        text = re.sub(r"(?s)<(script|style|noscript)\b.*?</\1>", " ", answer.content.decode())
        assert set(re.findall(r"[A-Za-z]\w*", re.sub(r"<[^>]+>", " ", text))) <= data, address


def test_tokens_and_chats_have_no_page(admin_client):
    """Django REST framework's own would list tokens; chats are for who asked."""
    shown = {model._meta.concrete_model for model in MODELS}
    assert not shown & {Token, ChatSession, ChatMessage}
    assert admin_client.get("/admin/authtoken/tokenproxy/").status_code == 404


@pytest.mark.parametrize(
    ("role", "model", "sees", "writes"),
    [
        (Role.FINANCE, CurrencyRate, True, True),
        (Role.FINANCE, Vacancy, True, False),
        (Role.FINANCE, huntflow.Applicant, False, False),
        (Role.FINANCE, Analysis, False, False),
        (Role.RECRUITER, CurrencyRate, True, False),
        (Role.RECRUITER, Vacancy, True, True),
        (Role.RECRUITER, huntflow.Applicant, True, False),
        (Role.RECRUITER, Credential, False, False),
        (Role.VIEWER, Benchmark, True, False),
        (Role.VIEWER, huntflow.Applicant, False, False),
        (None, Benchmark, False, False),
    ],
)
def test_roles_of_the_endpoints_hold_in_the_admin(staff, everything, role, model, sees, writes):
    """Somebody of the team without a superuser's rights."""
    browser = staff(role)
    assert browser.get(page(model)).status_code == (200 if sees else 403)
    assert browser.get(page(model, "add")).status_code == (200 if writes else 403)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_lists_do_not_ask_once_a_row(admin_client, everything, user, model):
    """Foreign keys in a list are fetched with it."""
    if model is BenchmarkSettings:
        return  # one row for all
    admin_client.get(page(model))  # whatever is cached once is
    counts = []
    for start, end in ((0, 1), (1, 6)):
        for number in range(start, end):
            another(model, number).save(force_insert=True)
        with CaptureQueriesContext(connection) as seen:
            admin_client.get(page(model))
        counts.append(len(seen))
    assert model._default_manager.count() >= 7
    assert counts[0] == counts[1]


def another(model, number):
    """A row like the first, with other values where there may be no two of one, and other
    rows to refer to: what is fetched once for all of them would hide what is fetched for each."""
    row = model._default_manager.first()
    row.pk = None
    for field in model._meta.fields:
        if field.primary_key:
            continue
        if field.remote_field and field.related_model is not huntflow.Account:
            if getattr(row, field.attname) is not None:
                setattr(row, field.name, referred_to(field.related_model, number))
        elif field.name == "is_open":
            row.is_open = None
        elif field.name == "external_id":
            row.external_id = 100 + number
        elif field.unique:
            setattr(row, field.name, f"{number}@example.org")
    return row


def referred_to(model, number):
    if model is User:
        return User.objects.get_or_create(username=f"person {number}")[0]
    made = another(model, number)
    made.save(force_insert=True)
    return made


def test_vacancies_are_closed_and_opened_together(staff, everything, world):
    """And found by a word in any case of letters."""
    browser = staff(Role.RECRUITER)
    one = Vacancy.objects.create(external_id="x", name="Тестировщик")
    found = browser.get(page(Vacancy), {"q": "ТЕСТИРОВЩИК"}).content.decode()
    assert "Тестировщик" in found
    assert "Tester" not in found
    for action, state in (("close", False), ("open_again", True)):
        form = {"action": action, "_selected_action": [one.pk, world.vacancy.pk]}
        assert browser.post(page(Vacancy), form).status_code == 302
        assert set(Vacancy.objects.values_list("is_active", flat=True)) == {state}


def test_action_is_not_for_those_who_may_only_look(staff, everything, world):
    """The list offers none, and a form made by hand does nothing."""
    form = {"action": "close", "_selected_action": [world.vacancy.pk]}
    staff(Role.VIEWER).post(page(Vacancy), form)
    assert Vacancy.objects.get(pk=world.vacancy.pk).is_active


def test_rates_are_fetched_from_the_list(staff, world, bank):
    """Or it is told why not, and nothing is written."""
    browser = staff(Role.FINANCE)
    form = {"action": "fetch", "_selected_action": [world.rate.pk]}
    browser.post(page(CurrencyRate), form)
    assert CurrencyRate.objects.count() == 6
    del bank.rates["PLN"]
    answer = browser.post(page(CurrencyRate), form, follow=True)
    assert "The bank has no rate for PLN." in answer.content.decode()
    assert CurrencyRate.objects.count() == 6


def test_benchmarks_are_counted_and_left_out(staff, world):
    """Some at once."""
    browser = staff(Role.FINANCE)
    for action, state in (("leave_out", False), ("count", True)):
        browser.post(page(Benchmark), {"action": action, "_selected_action": [world.benchmark.pk]})
        assert Benchmark.objects.get().is_active is state


def test_settings_are_one_row_here_too(staff):
    """The first is added, and then there is no more to add, and nothing to delete."""
    browser = staff(Role.FINANCE)
    form = {"period_days": 30, "tax_percent": 10, "daily_candidates": 0, "daily_vacancies": 0}
    assert browser.post(page(BenchmarkSettings, "add"), form).status_code == 302
    assert BenchmarkSettings.current().period_days == 30
    assert browser.get(page(BenchmarkSettings, "add")).status_code == 403
    assert browser.get(page(BenchmarkSettings, "delete", 1)).status_code == 403


def test_limit_of_an_interviewer_holds_here_too(staff, world):
    """The form names the field; an interview can be saved again as it is."""
    browser = staff(Role.RECRUITER)
    Interviewer.objects.update(daily_limit=1)
    day = {"starts_at_0": "2026-01-05", "starts_at_1": "18:00:00", "minutes": 60}
    form = day | {"interviewer": world.interviewer.pk}
    assert browser.post(page(Interview, "add"), form).status_code == 200
    assert Interview.objects.count() == 1
    again = browser.post(page(Interview, "change", world.interview.pk), form)
    assert again.status_code == 302
