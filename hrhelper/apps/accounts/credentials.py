"""Store and read secrets of outside services. Nothing here logs, or shows a secret."""

from datetime import datetime
from importlib import import_module
from types import ModuleType

from apps.accounts.models import Credential
from logic.base.errors import DomainError


class MissingCredentialError(DomainError):
    """The service has not been connected yet."""

    code = "missing_credential"


def store(name: str, secret: str, *, kind: str, expires_at: datetime | None = None) -> Credential:
    """Keep a secret under a name, in place of the one of before. Raises CredentialKeyError."""
    values = {"kind": kind, "secret": _encryption().encrypt(secret), "expires_at": expires_at}
    return Credential.objects.update_or_create(name=name, defaults=values)[0]


def read(name: str) -> str:
    """The secret of this name. Raises MissingCredentialError, CredentialKeyError."""
    ciphertext = Credential.objects.filter(name=name).values_list("secret", flat=True).first()
    if ciphertext is None:
        raise MissingCredentialError(f"There is no credential {name}; store it first.")
    return _encryption().decrypt(ciphertext)


def forget(name: str) -> bool:
    """Delete a secret; whether there was one."""
    return Credential.objects.filter(name=name).delete()[0] > 0


def rotate() -> int:
    """Encrypt every secret anew with the newest key; how many. Raises CredentialKeyError.

    May be broken off and repeated: each secret can be read before, in between and after.
    """
    done = 0
    for key, old in Credential.objects.order_by("pk").values_list("pk", "secret"):
        new = _encryption().encrypt_anew(old)
        # A token that was refreshed meanwhile is by the newest key already, and is kept.
        done += Credential.objects.filter(pk=key, secret=old).update(secret=new)
    return done


def _encryption() -> ModuleType:
    # At the first use, and not at the start: see there.
    return import_module("apps.accounts.encryption")
