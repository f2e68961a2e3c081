"""Who may ask Gemini, and the answers that each endpoint which asks it may give."""

from typing import Any

from drf_spectacular.utils import OpenApiTypes

from apps.accounts.roles import Role

MAY_ASK = (Role.ADMINISTRATOR, Role.RECRUITER)
FAILURES = dict.fromkeys((401, 403, 422, 429, 502, 504), OpenApiTypes.OBJECT)


class AsksGemini:
    """For views: recruiters and administrators may; candidates' data are not for others."""

    read_roles = write_roles = MAY_ASK


def failures(*more: int) -> dict[int, Any]:
    return FAILURES | dict.fromkeys(more, OpenApiTypes.OBJECT)
