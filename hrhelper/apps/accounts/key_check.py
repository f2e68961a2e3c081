"""A system check: keys for credentials are well-formed before the first secret needs them."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

KEY_BYTES = 32


@register()
def check_credential_keys(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    wrong = [
        str(place)
        for place, key in enumerate(settings.CREDENTIAL_KEYS, start=1)
        if not _is_key(key)
    ]
    if not wrong:
        return []
    return [
        Error(
            f"Key {', '.join(wrong)} of HRHELPER_CREDENTIAL_KEYS is malformed.",
            hint="A key is 32 random bytes in URL-safe base64; make_env.py writes one.",
            id="accounts.E001",
        )
    ]


def _is_key(text: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(text)) == KEY_BYTES
    except (ValueError, binascii.Error):
        return False
