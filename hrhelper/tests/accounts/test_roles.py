"""Who may do what."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.management import call_command
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from apps.accounts.permissions import RolePermission
from apps.accounts.roles import Role, grant, role_of

pytestmark = pytest.mark.django_db
ME = "/api/v1/accounts/me/"


def person(role):
    """A user with a role, or with none."""
    user = User.objects.create(username=f"user {role}")
    if role:
        grant(user, role)
    return user


class Plain(APIView):
    """A view that says nothing about roles."""


class Finance(APIView):
    read_roles = (Role.FINANCE, Role.VIEWER)
    write_roles = (Role.FINANCE,)
    action_roles = {"analyze": (Role.RECRUITER,)}


ALLOWED = [
    (Plain, "get", None, {"administrator", "recruiter", "finance", "viewer"}),
    (Plain, "post", None, {"administrator"}),
    (Plain, "delete", "destroy", {"administrator"}),
    (Finance, "get", "list", {"finance", "viewer"}),
    (Finance, "patch", "partial_update", {"finance"}),
    (Finance, "post", "analyze", {"recruiter"}),
]


@pytest.mark.parametrize(("view", "method", "action", "allowed"), ALLOWED)
def test_view_is_open_to_its_roles_and_to_no_other(view, method, action, allowed):
    """The whole row of the matrix: a role too many is a leak, one too few an outage."""
    one = view()
    one.action = action
    let_in = set()
    for role in [*Role, None]:
        request = getattr(APIRequestFactory(), method)("/")
        request.user = person(role)
        if RolePermission().has_permission(request, one):
            let_in.add(str(role))
    assert let_in == allowed


def test_migration_makes_the_groups(tmp_path):
    """So that the admin can put people into them on the first day. In a database of its own:
    tests with transactions empty the one that all share."""
    database = tmp_path / "db.sqlite3"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"HRHELPER_DATABASE": str(database), "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
    )
    with closing(sqlite3.connect(database)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM auth_group")}
    assert names == set(Role.values)


def test_widest_role_counts_and_foreign_groups_do_not():
    """Groups of another meaning open nothing."""
    user = person(None)
    user.groups.add(Group.objects.create(name="football"))
    assert role_of(user) is None
    for role in (Role.VIEWER, Role.RECRUITER, Role.FINANCE):
        grant(user, role)
    assert role_of(user) is Role.RECRUITER
    assert role_of(User(is_superuser=True)) is Role.ADMINISTRATOR
    assert role_of(AnonymousUser()) is None


def test_who_has_no_role_gets_403_but_may_ask_who_it_is(api, user):
    """A new colleague sees why nothing opens, not a login that seems broken."""
    assert api.get(ME).json() == {
        "username": "olga",
        "full_name": "Olga Novik",
        "role": "administrator",
    }
    user.groups.clear()
    refused = api.get("/api/v1/finance/grades/")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "permission_denied"
    assert api.get(ME).json()["role"] is None


@pytest.mark.parametrize(("arguments", "status"), [([], 201), (["--role", "viewer"], 403)])
def test_api_token_has_the_role_asked_for(tmp_path, anonymous, arguments, status):
    """An administrator's, where nothing is said: deployments write with it."""
    file = tmp_path / "headers"
    call_command("ensure_api_token", "--username=checks", f"--file={file}", *arguments)
    name, value = file.read_text("ascii").strip().split(": ", 1)
    anonymous.credentials(HTTP_AUTHORIZATION=value)
    assert name == "Authorization"
    assert anonymous.get("/api/v1/finance/grades/").status_code == 200
    body = {"name": "Senior", "rank": 4}
    assert anonymous.post("/api/v1/finance/grades/", body).status_code == status
