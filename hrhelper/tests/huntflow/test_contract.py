"""Huntflow's own OpenAPI document is what requests are held against."""

import pytest

from logic.huntflow import api
from tests.servers.huntflow import Seen
from tests.servers.huntflow_rows import ACCOUNT


def test_every_call_keeps_to_the_description(connected, contract):
    """One of each; the fixture then looks at what was sent, and at what the server answered."""
    if contract is None:
        pytest.skip("Huntflow's OpenAPI document is not there: requests are not checked")
    with api.connect() as huntflow:
        api.me(huntflow)
        api.accounts(huntflow)
        api.statuses(huntflow, ACCOUNT)
        api.vacancies(huntflow, ACCOUNT, 1)
        api.vacancy(huntflow, ACCOUNT, 1)
        api.applicants(huntflow, ACCOUNT, 3)
        api.applicant(huntflow, ACCOUNT, 1)
        api.tags(huntflow, ACCOUNT)
        api.replace_tags(huntflow, ACCOUNT, 1, [1, 2])
        cursor = api.search(huntflow, ACCOUNT, "canary", None).cursor
        api.search(huntflow, ACCOUNT, "canary", cursor)
        api.change_status(huntflow, ACCOUNT, 1, api.StatusChange(2, 3, "comment", 4))
        connected.expired = True
        api.me(huntflow)
    assert len({one.path for one in connected.seen}) == 12


@pytest.mark.parametrize(
    ("seen", "wrong"),
    [
        (Seen("GET", "/v2/nothing", {}, None, 0), "is not described"),
        (Seen("GET", "/v2/accounts/7/vacancies", {"count": "101"}, None, 0), "maximum of 100"),
        (Seen("GET", "/v2/accounts/7/vacancies", {"size": "1"}, None, 0), "no parameter size"),
        (Seen("GET", "/v2/accounts/x/vacancies", {}, None, 0), "not of type 'integer'"),
        (Seen("PUT", "/v2/accounts/7/applicants/1/vacancy", {}, {"vacancy": 1}, 0), "'status'"),
        (Seen("POST", "/v2/accounts/7/applicants/1/tags", {}, {"tags": ["x"]}, 0), "'x' is not"),
        (Seen("GET", "/v2/me", {}, None, 0, 200, {"id": "x"}), "answer"),
    ],
)
def test_what_breaks_the_description_is_found(contract, seen, wrong):
    """Or the check above could not fail."""
    if contract is None:
        pytest.skip("Huntflow's OpenAPI document is not there")
    assert wrong in " ".join(contract.violations(seen))
