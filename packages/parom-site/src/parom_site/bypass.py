"""A signed, expiring pass for the checks: `<expires>.<nonce>.<hmac-sha256>`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from pathlib import Path

HEADER = "X-Parom-Bypass"
LONGEST_S = 3600


def sign(key: bytes, lasts_s: int) -> str:
    """A pass that is valid for `lasts_s` seconds from now."""
    text = f"{int(time.time()) + lasts_s}.{secrets.token_hex(8)}"
    return f"{text}.{_mac(key, text)}"


def is_valid(given: str, key_file: Path) -> bool:
    """Whether a pass is signed with the key, not expired, and not valid for longer than an
    hour. Without a key file no pass is valid."""
    text, _, mac = given.rpartition(".")
    if not text:
        return False
    try:
        key = key_file.read_bytes()
        left = int(text.split(".")[0]) - time.time()
    except (OSError, ValueError):
        return False
    return len(key) >= 16 and 0 < left <= LONGEST_S and hmac.compare_digest(mac, _mac(key, text))


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
