"""Housekeeping of logins."""

from django.contrib.sessions.models import Session
from django.utils import timezone


def clear_expired() -> int:
    """Delete sessions that are over; how many there were."""
    return Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
