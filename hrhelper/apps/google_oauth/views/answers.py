"""Who may use Google here, and the answers that each endpoint which asks it may give."""

from typing import Any

from drf_spectacular.utils import OpenApiTypes

from apps.accounts.roles import Role

FAILURES = dict.fromkeys((403, 404, 422, 429, 502, 504), OpenApiTypes.OBJECT)


class UsesGoogle:
    """For views: recruiters and administrators may, each with their own calendar and Drive."""

    read_roles = write_roles = (Role.ADMINISTRATOR, Role.RECRUITER)


def failures(*more: int) -> dict[int, Any]:
    return FAILURES | dict.fromkeys(more, OpenApiTypes.OBJECT)
