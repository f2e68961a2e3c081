"""How all processes of an installation share one access to Huntflow."""

from django.db import models


class SharedAccess(models.Model):
    """One row a token: the turn of the next request, and who renews the token.

    Processes change it by compare-and-set, an UPDATE with a condition, which is atomic on SQLite
    and on PostgreSQL alike and holds no lock while somebody waits for Huntflow.
    """

    name = models.CharField(max_length=60, unique=True)
    next_request_at = models.DateTimeField(null=True, blank=True)
    # Until when each place of the second is taken, in microseconds; see logic.huntflow.turns.
    kept_places = models.TextField(blank=True, default="", db_default="")
    renewer = models.CharField(max_length=60, blank=True)
    renewer_until = models.DateTimeField(null=True, blank=True)
    # The fingerprint of a pair of tokens that Huntflow would not renew: asking again is no use.
    refused_pair = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name
