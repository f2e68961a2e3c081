from apps.huntflow.models.access import SharedAccess
from apps.huntflow.models.applicants import Applicant, Link
from apps.huntflow.models.deliveries import WebhookDelivery
from apps.huntflow.models.jobs import SeenPage, SyncJob
from apps.huntflow.models.mirror import Account, Status, Vacancy

__all__ = [
    "Account",
    "Applicant",
    "Link",
    "SeenPage",
    "SharedAccess",
    "Status",
    "SyncJob",
    "Vacancy",
    "WebhookDelivery",
]
