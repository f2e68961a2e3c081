"""Cache and broker by address."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.redis import caches, redis_address


def test_cache_is_in_the_process_without_an_address():
    """The small installation has no Redis."""
    assert caches("")["default"]["BACKEND"].endswith("LocMemCache")


def test_cache_waits_for_redis_only_so_long():
    """Without limits a Redis that is away holds up every request that asks for it."""
    made = caches("redis://cache.example/0")["default"]
    assert made["LOCATION"] == "redis://cache.example/0"
    assert made["OPTIONS"] == {"socket_connect_timeout": 2, "socket_timeout": 5}


@pytest.mark.parametrize("url", ["amqp://u:canary@host", "host:6379"])
def test_other_addresses_are_refused_without_their_password(url):
    """The error is printed by whatever starts the application."""
    with pytest.raises(ImproperlyConfigured) as caught:
        redis_address("HRHELPER_BROKER_URL", url)
    assert "canary" not in str(caught.value)
