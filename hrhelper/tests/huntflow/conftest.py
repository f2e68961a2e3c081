import pytest

from apps.huntflow import remote
from tests.servers import huntflow_contract
from tests.servers.huntflow import HuntflowServer

SECRET = "webhook-secret-canary"


@pytest.fixture(scope="session")
def contract():
    """Huntflow's OpenAPI document, or None; test_contract.py says so where it is not there."""
    return huntflow_contract.contract()


@pytest.fixture
def huntflow(settings, contract):
    """A small Huntflow, not connected yet; the pace is not what is tested.

    At the end every exchange of the test is held against Huntflow's own description.
    """
    with HuntflowServer(applicants=65, vacancies=5).running() as server:
        settings.HUNTFLOW_URL = server.api
        settings.HUNTFLOW_TIMEOUT_S = 60
        settings.HUNTFLOW_REQUESTS_PER_SECOND = 1000
        yield server
    if contract is not None:
        assert [one for seen in server.seen for one in contract.violations(seen)] == []


@pytest.fixture
def impatient(settings):
    """Where something stalls; what does not stall answers within this on a busy machine, too."""
    settings.HUNTFLOW_TIMEOUT_S = 2


@pytest.fixture
def connected(huntflow, db):
    remote.keep_tokens(huntflow.access, huntflow.refresh)
    remote.keep_webhook_secret(SECRET)
    return huntflow
