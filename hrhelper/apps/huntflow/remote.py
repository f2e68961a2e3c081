"""What views ask of Huntflow itself. Its client is imported by the first call, not at the start.

Each function raises the errors of logic.huntflow.errors and of apps.accounts.credentials.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.db import transaction

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.huntflow.models import Account, Applicant, Link

if TYPE_CHECKING:
    from logic.huntflow.api import Found

TOKENS = "huntflow"
WEBHOOK_SECRET = "huntflow-webhook"  # noqa: S105 - the name under which it is kept


def keep_tokens(access: str, refresh: str) -> None:
    """Connect this installation with a pair from Huntflow's settings."""
    tokens = import_module("logic.huntflow.tokens")
    tokens.Tokens(TOKENS).connect(tokens.TokenPair(access, refresh))


def keep_webhook_secret(secret: str) -> None:
    """The secret that was given to Huntflow with the webhook's address."""
    credentials.store(WEBHOOK_SECRET, secret, kind=Credential.Kind.HUNTFLOW)


def forget() -> None:
    """Disconnect; the mirror stays."""
    for name in (TOKENS, WEBHOOK_SECRET):
        credentials.forget(name)


def try_connection() -> dict[str, Any]:
    """Whose token it is, and how many accounts it opens."""
    api = _api()
    with api.connect() as huntflow:
        who = api.me(huntflow)
        return {"user": str(who.get("name") or ""), "accounts": len(api.accounts(huntflow).items)}


def change_status(
    applicant: Applicant, *, vacancy: int, status: int, comment: str, rejection_reason: int | None
) -> None:
    """Move an applicant on a vacancy, in Huntflow and then in the mirror."""
    api = _api()
    change = api.StatusChange(vacancy, status, comment, rejection_reason)
    account = applicant.account.external_id
    with api.connect() as huntflow:
        api.change_status(huntflow, account, applicant.external_id, change)
    with transaction.atomic():
        _mirror().forget_hash(applicant)
        Link.objects.update_or_create(
            applicant=applicant, vacancy=vacancy, defaults={"status": status, "changed": None}
        )


def replace_tags(applicant: Applicant, ids: list[int]) -> list[int]:
    """These tags and no others; those that the applicant has then."""
    api = _api()
    account = applicant.account.external_id
    with api.connect() as huntflow:
        held = api.replace_tags(huntflow, account, applicant.external_id, ids)
    with transaction.atomic():
        _mirror().forget_hash(applicant)
        Applicant.objects.filter(pk=applicant.pk).update(tags=held)
    return held


def tags(account: Account) -> list[dict[str, Any]]:
    """The tags that an account knows."""
    api = _api()
    with api.connect() as huntflow:
        return api.tags(huntflow, account.external_id).items


def search(account: Account, text: str, cursor: str | None) -> "Found":
    """A page of Huntflow's own search, and where it goes on."""
    api = _api()
    with api.connect() as huntflow:
        return api.search(huntflow, account.external_id, text, cursor)


def _api() -> Any:
    return import_module("logic.huntflow.api")


def _mirror() -> Any:
    return import_module("logic.huntflow.mirror")
