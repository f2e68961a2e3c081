"""Encryption of credentials with the keys of the settings, newest first.

Imported at the first use of a credential: `cryptography` would slow every start down.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from logic.base.errors import DomainError


class CredentialKeyError(DomainError):
    """The keys of the settings are missing, or not those that a secret was encrypted with."""

    code = "credential_key"


def encrypt(secret: str) -> str:
    """Ciphertext by the newest key. Raises CredentialKeyError."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def decrypt(ciphertext: str) -> str:
    """The secret, by whichever key it was encrypted with. Raises CredentialKeyError."""
    try:
        return _keys().decrypt(ciphertext.encode("ascii")).decode()
    except InvalidToken:
        raise _unknown_key() from None


def encrypt_anew(ciphertext: str) -> str:
    """The same secret by the newest key. Raises CredentialKeyError."""
    try:
        return _keys().rotate(ciphertext.encode("ascii")).decode("ascii")
    except InvalidToken:
        raise _unknown_key() from None


def _keys() -> MultiFernet:
    if not settings.CREDENTIAL_KEYS:
        raise CredentialKeyError("HRHELPER_CREDENTIAL_KEYS holds no key to encrypt credentials.")
    try:
        return MultiFernet([Fernet(key) for key in settings.CREDENTIAL_KEYS])
    except ValueError:
        # The library's own message is not passed on: the key must not end in a log.
        raise CredentialKeyError("A key of HRHELPER_CREDENTIAL_KEYS is malformed.") from None


def _unknown_key() -> CredentialKeyError:
    return CredentialKeyError("No key of HRHELPER_CREDENTIAL_KEYS opens this credential.")
