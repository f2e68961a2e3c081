"""The tables of the journal. A stored format: changed only with a migration."""

from __future__ import annotations

import json

from django.db import models

from parom.journal.anchor import anchor_text
from parom.journal.told import Told


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

    def told(self) -> Told:
        """As reports and notices get it."""
        anchor = anchor_text(self.number, self.digest)
        return Told(self.at, self.kind, self.step, json.loads(self.data), anchor)

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


class Letter(models.Model):
    """One message on its way to one place: the outbox. Changed as it is delivered; what became
    of it is in the events too."""

    key = models.CharField(max_length=160)
    """The same for the same news, so that it is put in once."""
    place = models.CharField(max_length=100)
    run_id = models.CharField(max_length=40, db_index=True)
    topic = models.CharField(max_length=20)
    """A notice's topic; `board` and `steps` for how far a run is."""
    message = models.JSONField()
    """title, lines, tone, is_loud."""
    under = models.CharField(max_length=160, blank=True)
    """The key of the letter in whose thread it goes."""
    revision = models.IntegerField(default=1)
    """Goes up when the text changes: what was delivered is edited."""
    delivered_revision = models.IntegerField(default=0)
    channel = models.CharField(max_length=40, blank=True)
    receipt = models.CharField(max_length=40, blank=True)
    """With `channel`, by what the place knows it again."""
    queued = models.DateTimeField(db_index=True)
    """Since when it waits; what waits longest at a place goes first."""
    due = models.DateTimeField()
    """Not tried earlier."""
    attempts = models.IntegerField(default=0)
    """Since it was last delivered."""
    problem = models.CharField(max_length=300, blank=True)
    """Why the last attempt failed."""
    delivered = models.DateTimeField(null=True)
    is_given_up = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "place"], name="one_letter"),)

    def __str__(self) -> str:
        return f"{self.place} {self.key}"


class Followed(models.Model):
    """A run whose events become letters, and how far they have."""

    run_id = models.CharField(primary_key=True, max_length=40)
    composed = models.IntegerField(default=0)
    """How many of its events."""
    epoch = models.IntegerField()
    """Goes up with every courier: an older one leaves."""
    is_over = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.run_id} {self.composed}"
