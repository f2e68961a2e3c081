import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.accounts.roles import grant
from apps.gemini.models import Analysis
from apps.huntflow import models as huntflow
from logic.finance.amounts import update_amounts


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
