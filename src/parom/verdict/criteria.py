"""The named criteria of the specification. The values are a stored format."""

from __future__ import annotations

import enum


class Rollback(enum.StrEnum):
    """R-7.1: any one that fails turns a deployment back."""

    STARTS = "Django does not start"
    ENDPOINTS = "endpoints unreachable"
    LOGS = "critical errors in the logs"
    PERFORMANCE = "performance degraded"
    FUNCTIONS = "functionality broken"


class Success(enum.StrEnum):
    """R-6: all of these, each with evidence."""

    DJANGO_CHECK = "Django check 0 errors"
    ENDPOINTS = "all endpoints correct"
    RESPONSE_TIME = "response time within its limit"
    LOGS = "no critical errors in the logs"
    FUNCTIONS = "key functions work"
    MONITORING = "monitoring is active"
