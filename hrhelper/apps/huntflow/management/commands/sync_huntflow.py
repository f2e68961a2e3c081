from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.huntflow.models import SyncJob
from logic.base.errors import DomainError


class Command(BaseCommand):
    help = "Syncs the mirror with Huntflow here and now; goes on with a sync that was broken off."

    def handle(self, *args: Any, **options: Any) -> None:
        from logic.huntflow.sync import run_sync

        try:
            job, _made = SyncJob.objects.get_or_create(is_open=True)
            run_sync(job)
        except DomainError as problem:
            raise CommandError(problem.message) from None
        self._tell(job)

    def _tell(self, job: SyncJob) -> None:
        counts = f"{job.seen} seen, {job.changed} changed, {job.removed} removed"
        if job.state == SyncJob.State.FAILED:
            raise CommandError(f"Sync {job.pk} failed ({counts}): {job.error_message}")
        if job.is_open:
            raise CommandError(f"Sync {job.pk} is not finished ({counts}); call this again.")
        self.stdout.write(f"Sync {job.pk} is done: {counts}.")
