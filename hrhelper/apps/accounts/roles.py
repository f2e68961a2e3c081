"""What a person may do here: roles, kept as Django groups of the same names."""

from typing import Any

from django.contrib.auth.models import Group, User
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The widest comes first; a superuser counts as administrator."""

    ADMINISTRATOR = "administrator", _("administrator")
    RECRUITER = "recruiter", _("recruiter")
    FINANCE = "finance", _("finance")
    VIEWER = "viewer", _("viewer")


EVERY_ROLE = tuple(Role)


def roles_of(user: Any) -> frozenset[Role]:
    """The roles of a user; none for an anonymous one, and for one in no group of ours."""
    if not user.is_authenticated:
        return frozenset()
    if user.is_superuser:
        return frozenset({Role.ADMINISTRATOR})
    names = user.groups.filter(name__in=Role.values).values_list("name", flat=True)
    return frozenset(Role(name) for name in names)


def role_of(user: Any) -> Role | None:
    """The widest role of a user, or None."""
    held = roles_of(user)
    return next((role for role in Role if role in held), None)


def grant(user: User, role: Role) -> None:
    """Give a user a role besides those that the user has; may be called twice."""
    group, _made = Group.objects.get_or_create(name=role.value)
    user.groups.add(group)
