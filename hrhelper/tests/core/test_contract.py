"""What is sent at random by the OpenAPI document is answered as the document says.

CONTRACT_EXAMPLES is the number of requests an operation; `make contract` takes many.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "3"))
NOBODY = "http://127.0.0.1:9"
# A service that is away is told apart from a bug of ours by its documented status.
ANSWERS_OF_OTHERS = {502, 503, 504}
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]

DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [one.ok() for one in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations()]


def takes_something(operation):
    """Only then can something wrong be sent."""
    return bool({"parameters", "requestBody"} & set(operation.definition.raw))


CASES = [
    pytest.param(one, mode, id=f"{one.label}-{mode.value}")
    for one in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or takes_something(one)
]
pytestmark = pytest.mark.django_db


@pytest.fixture
def application(settings):
    """The WSGI application on the test's own transaction; the services behind it are away."""
    settings.BANK_URL = settings.HUNTFLOW_URL = settings.GEMINI_URL = NOBODY
    settings.GOOGLE_OAUTH_URL = settings.GOOGLE_APIS_URL = NOBODY
    # Django's own test client does the same: a request's end must not end the transaction.
    ends = (request_started, request_finished)
    for signal in ends:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in ends:
        signal.connect(close_old_connections)


@pytest.mark.parametrize(("operation", "mode"), CASES)
def test_every_answer_is_documented(application, world, token, operation, mode):
    """No 5xx of our own, no status, type or form that the document does not have."""
    operation.schema.app = operation.app = application

    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        answer = case.call(headers={"Authorization": f"Token {token}"})
        checks = (
            CHECKS if answer.status_code in ANSWERS_OF_OTHERS else [not_a_server_error, *CHECKS]
        )
        case.validate_response(answer, checks=checks)

    ask()
