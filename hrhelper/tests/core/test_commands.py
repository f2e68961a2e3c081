"""Commands that scripts and people call."""

import stat

import pytest
from django.core.management import call_command

from apps.finance.models import Benchmark, SalaryRange
from apps.vacancies.models import Vacancy
from logic.base.money import midpoint

pytestmark = pytest.mark.django_db


def test_token_file_is_its_owners_alone(tmp_path, anonymous):
    """Also where a file that everybody can read was there before."""
    file = tmp_path / "headers"
    file.touch(0o644)
    call_command("ensure_api_token", username="checks", file=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    name, value = file.read_text("ascii").strip().split(": ", 1)
    answer = anonymous.get("/api/v1/finance/grades/", headers={name: value})
    assert answer.status_code == 200


def test_token_stays_the_same(tmp_path):
    """A second deployment must not log the first one's checks out."""
    for name in ("one", "two"):
        call_command("ensure_api_token", username="checks", file=tmp_path / name)
    assert (tmp_path / "one").read_text() == (tmp_path / "two").read_text()


def test_seed_makes_as_many_rows_as_asked_for():
    """And complete ones, although it writes in bulk."""
    call_command("seed", rows=100)
    assert (Vacancy.objects.count(), SalaryRange.objects.count()) == (20, 20)
    assert Benchmark.objects.count() == 60
    for one in SalaryRange.objects.all():
        assert one.midpoint_usd == midpoint(one.min_usd, one.max_usd)
