"""The file of settings that a new installation starts with."""

import stat
import subprocess
import sys

from cryptography.fernet import Fernet
from django.conf import settings

from config.environment import Environment


def test_fresh_file_holds_keys_that_work(tmp_path):
    """For its owner alone; a second run keeps the first one's keys."""
    file = tmp_path / ".env"
    command = [sys.executable, str(settings.BASE_DIR / "make_env.py"), str(file), "A=b"]
    subprocess.run(command, check=True)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    written = file.read_text("utf-8")
    env = Environment(file)
    (key,) = env.items("HRHELPER_CREDENTIAL_KEYS")
    Fernet(key)
    assert len(env.text("HRHELPER_SECRET_KEY")) > 50
    assert env.text("A") == "b"
    assert subprocess.run(command, check=False, capture_output=True).returncode == 1
    assert file.read_text("utf-8") == written
