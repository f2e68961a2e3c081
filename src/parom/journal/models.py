"""The tables of the journal. A stored format: changed only with a migration."""

from __future__ import annotations

from django.db import models


class Run(models.Model):
    """One run of the engine: a deployment, a rollback by hand, a partial rollback."""

    id = models.CharField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=20)
    environment = models.CharField(max_length=64)
    who = models.CharField(max_length=120)
    asked = models.CharField(max_length=200)
    """What was asked for, as a person would say it: a ref, a release id."""
    state = models.CharField(max_length=20)
    """running, finished, held: `running` without a live owner means interrupted."""
    direction = models.CharField(max_length=10)
    """forward or back."""
    outcome = models.CharField(max_length=40, blank=True)
    exit_code = models.IntegerField(null=True)
    plan = models.JSONField()
    abort_asked = models.CharField(max_length=120, blank=True)
    """Who asked to abort; empty if nobody."""
    started = models.DateTimeField()
    finished = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["environment", "started"]),)

    def __str__(self) -> str:
        return self.id


class Event(models.Model):
    """One link of the chain. Never changed, never deleted."""

    number = models.BigIntegerField(primary_key=True)
    """Counts from 1 without gaps."""
    run_id = models.CharField(max_length=40, db_index=True, blank=True)
    at = models.CharField(max_length=32)
    """ISO 8601, UTC; text, so that what was hashed is what is stored."""
    kind = models.CharField(max_length=40)
    step = models.CharField(max_length=60, blank=True)
    data = models.TextField()
    """Canonical JSON."""
    digest = models.CharField(max_length=64)
    """SHA-256 over the previous digest and all of the above."""

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.step}"


class Head(models.Model):
    """Where the chain ends, so that a missing last event is noticed too. One row."""

    id = models.IntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.digest}"


class Lease(models.Model):
    """Who may act on an environment. The epoch fences out whoever held it before."""

    environment = models.CharField(primary_key=True, max_length=64)
    epoch = models.BigIntegerField()
    run_id = models.CharField(max_length=40, blank=True)
    who = models.CharField(max_length=120, blank=True)
    pid = models.IntegerField(null=True)
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.environment} {self.epoch}"


class Sample(models.Model):
    """One look of a baseline or a watch: a probe, a page, memory, a log, a check."""

    run_id = models.CharField(max_length=40, db_index=True)
    phase = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, default="probe")
    """What was looked at: probe, page, use, log, or a kind of check."""
    at = models.FloatField()
    """Seconds since the epoch."""
    name = models.CharField(max_length=200)
    status = models.IntegerField(null=True)
    """HTTP status; None where there was no answer."""
    seconds = models.FloatField()
    error = models.CharField(max_length=200, blank=True)
    data = models.TextField(blank=True, default="")
    """What else was seen, as JSON; empty for nothing."""

    def __str__(self) -> str:
        return f"{self.name} {self.status} {self.seconds}"
