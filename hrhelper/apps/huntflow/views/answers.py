"""The answers that an endpoint which asks Huntflow may give besides its own."""

from drf_spectacular.utils import OpenApiTypes

# 422: not connected, or Huntflow refused it; 502: Huntflow failed, or did not answer in time;
# 503: it wants a pause.
FAILURES = dict.fromkeys((422, 502, 503), OpenApiTypes.OBJECT)
