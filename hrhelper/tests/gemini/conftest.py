import pytest

from apps.gemini import connection
from tests.servers.gemini import GeminiServer

KEY = "gemini-key-canary-0001"


@pytest.fixture
def gemini(settings):
    """A Gemini that this application is connected to, once the key is stored."""
    with GeminiServer(KEY).running() as server:
        settings.GEMINI_URL = server.url
        yield server


@pytest.fixture
def connected(gemini, db):
    connection.store_key(KEY)
    return gemini
