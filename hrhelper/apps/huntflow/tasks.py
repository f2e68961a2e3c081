"""The sync as a task of Celery; with what a killed worker leaves, others go on in their rounds."""

from apps.huntflow.models import SyncJob
from config.celery import shared_task


@shared_task(ignore_result=True)
def sync(job_id: int) -> None:
    """Work at a sync until it is finished; one that is finished already is left alone."""
    from logic.huntflow.sync import run_sync

    job = SyncJob.objects.filter(pk=job_id, is_open=True).first()
    if job is not None:
        run_sync(job)
