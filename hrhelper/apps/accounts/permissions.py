"""Who may call which endpoint."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.accounts.roles import EVERY_ROLE, Role, roles_of


class RolePermission(BasePermission):
    """DRF's default here: anonymous callers get 401, those without a fitting role 403.

    A view says who may in `read_roles` (default: every role) and `write_roles` (default:
    administrators), and in `action_roles = {"action": (Role, …)}` for single actions.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        return not roles_of(request.user).isdisjoint(allowed_roles(request.method, view))


def allowed_roles(method: str | None, view: Any) -> tuple[Role, ...]:
    """The roles that may call the view's current action by this method."""
    of_actions = getattr(view, "action_roles", {})
    action = getattr(view, "action", None)
    if action in of_actions:
        return of_actions[action]
    if method in SAFE_METHODS:
        return getattr(view, "read_roles", EVERY_ROLE)
    return getattr(view, "write_roles", (Role.ADMINISTRATOR,))
