"""Secrets are unreadable at rest, and outlive a change of keys."""

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from apps.accounts import credentials
from apps.accounts.encryption import CredentialKeyError
from apps.accounts.models import Credential

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET = "canary-7f3e-token"


@pytest.fixture
def stored(settings):
    settings.CREDENTIAL_KEYS = [OLD]
    return credentials.store("huntflow", SECRET, kind=Credential.Kind.HUNTFLOW)


def test_secret_is_read_back_and_lies_nowhere_in_the_open(stored):
    """Neither in the row, nor in what prints it."""
    assert credentials.read("huntflow") == SECRET
    row = Credential.objects.values().get()
    assert SECRET not in f"{row} {stored!r} {stored}"


def test_storing_again_replaces_and_forgetting_deletes(stored):
    """One name has one secret."""
    credentials.store("huntflow", "another", kind=Credential.Kind.HUNTFLOW)
    assert credentials.read("huntflow") == "another"
    assert [credentials.forget("huntflow") for _ in range(2)] == [True, False]
    with pytest.raises(credentials.MissingCredentialError):
        credentials.read("huntflow")


def test_rotation_makes_the_old_key_needless(stored, settings, capsys):
    """Put the new key first, rotate, take the old one off: that is the whole procedure."""
    settings.CREDENTIAL_KEYS = [NEW, OLD]
    assert credentials.read("huntflow") == SECRET
    for _ in range(2):
        call_command("rotate_credentials")
    settings.CREDENTIAL_KEYS = [NEW]
    assert credentials.read("huntflow") == SECRET
    assert capsys.readouterr().out.startswith("1 credentials")


def test_rotation_without_the_old_key_changes_nothing(stored, settings):
    """And says so; the secret is still there for whoever finds the key again."""
    settings.CREDENTIAL_KEYS = [NEW]
    with pytest.raises(CommandError, match="No key of HRHELPER_CREDENTIAL_KEYS opens"):
        call_command("rotate_credentials")
    settings.CREDENTIAL_KEYS = [OLD]
    assert credentials.read("huntflow") == SECRET


@pytest.mark.parametrize("keys", [[], ["no-key"], [NEW]])
def test_key_trouble_is_told_without_any_key(stored, settings, keys):
    """An error's text ends in logs."""
    settings.CREDENTIAL_KEYS = keys
    with pytest.raises(CredentialKeyError) as caught:
        credentials.read("huntflow")
    assert not any(key in caught.value.message for key in [OLD, *keys])


def test_malformed_key_is_found_by_a_check(settings):
    """At the deployment, not by the first recruiter who connects a service."""
    settings.CREDENTIAL_KEYS = [OLD, "short", "вне ascii"]
    (found,) = [one for one in run_checks() if one.id == "accounts.E001"]
    assert "Key 2, 3 " in found.msg
    settings.CREDENTIAL_KEYS = [OLD]
    assert not [one for one in run_checks() if one.id == "accounts.E001"]


def test_admin_shows_no_secret(stored, client):
    """Neither in clear nor as ciphertext."""
    client.force_login(User.objects.create_superuser("root", password="x"))
    for address in ("", f"{stored.pk}/change/"):
        page = client.get(f"/admin/accounts/credential/{address}")
        assert page.status_code == 200
        text = page.content.decode()
        assert "huntflow" in text
        assert stored.secret not in text
        assert SECRET not in text
