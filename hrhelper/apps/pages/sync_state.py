"""How far the newest sync with Huntflow is."""

from typing import Any

from django.utils.translation import gettext as _

from apps.huntflow.models import SyncJob


def sync_state() -> dict[str, Any]:
    """For the template pages/sync_state.html: the newest sync, and its stage in words."""
    newest = SyncJob.objects.first()
    return {"sync": newest, "stage": newest and _stages().get(newest.stage, newest.stage)}


def _stages() -> dict[str, str]:
    return {
        "accounts": _("organizations"),
        "statuses": _("stages of recruitment"),
        "vacancies": _("vacancies"),
        "missing vacancies": _("vacancies that were missing"),
        "applicants": _("candidates"),
        "missing applicants": _("candidates who were missing"),
    }
