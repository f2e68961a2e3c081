"""The admin by the same roles as the endpoints: whoever is staff sees what the role may see."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import ngettext

from apps.accounts.roles import EVERY_ROLE, Role, roles_of


class RoleAdmin(admin.ModelAdmin):
    """Looks at `read_roles` and `write_roles`, and not at Django's own permissions."""

    read_roles: tuple[Role, ...] = EVERY_ROLE
    write_roles: tuple[Role, ...] = (Role.ADMINISTRATOR,)
    list_per_page = 50

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._has_one_of(request, self.read_roles)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_one_of(request, self.read_roles)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._has_one_of(request, self.write_roles)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_one_of(request, self.write_roles)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has_one_of(request, self.write_roles)

    def _has_one_of(self, request: HttpRequest, roles: tuple[Role, ...]) -> bool:
        return not roles_of(request.user).isdisjoint(roles)


class SwitchAdmin(RoleAdmin):
    """For rows with `is_active`; the actions that switch it have names of their own."""

    def switch(self, request: HttpRequest, chosen: QuerySet, state: bool) -> None:
        done = chosen.update(is_active=state)
        told = ngettext("%(n)d row was changed.", "%(n)d rows were changed.", done)
        self.message_user(request, told % {"n": done}, messages.SUCCESS)


class ReadOnlyAdmin(RoleAdmin):
    """To look at and to search: what is here is written elsewhere."""

    write_roles = ()
