"""Cache and broker: in the process, or Redis by an address."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

CONNECT_S = 2
ANSWER_S = 5
# Of some hundred bytes each; at Django's 300 a few addresses would push each other's limits out.
MOST_ENTRIES = 10_000


def caches(url: str) -> dict[str, Any]:
    """Django's caches: Redis, or the memory of each process where there is no address."""
    if not url:
        return {
            "default": {
                "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
                "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES},
            }
        }
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_address("HRHELPER_CACHE_URL", url),
            "KEY_PREFIX": "hrhelper",
            "OPTIONS": {"socket_connect_timeout": CONNECT_S, "socket_timeout": ANSWER_S},
        }
    }


def redis_address(name: str, url: str) -> str:
    """The address, or empty. Raises ImproperlyConfigured, without it: it holds a password."""
    if url and not url.startswith(("redis://", "rediss://")):
        raise ImproperlyConfigured(f"{name} must be redis://… or rediss://…")
    return url
