"""The settings with what tests need: a key of their own, files in a temporary folder."""

import base64
import os
import secrets
import tempfile
from pathlib import Path

_folder = tempfile.TemporaryDirectory(prefix="hrhelper-tests-")
_top = Path(_folder.name)
os.environ |= {
    "HRHELPER_SECRET_KEY": secrets.token_urlsafe(60),
    "HRHELPER_CREDENTIAL_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "HRHELPER_SSL_REDIRECT": "false",
    "HRHELPER_BANK_URL": "http://127.0.0.1:9/",  # nobody: no test asks the real one
    "HRHELPER_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "HRHELPER_DATABASE": str(_top / "db.sqlite3"),
    "HRHELPER_LOG": str(_top / "django.log"),
}

from compile_messages import compile_folder  # noqa: E402
from config.database import database  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings import BASE_DIR, DATABASES, REST_FRAMEWORK  # noqa: E402

# `make setup` does it for those who run the application.
compile_folder(BASE_DIR / "locale")

ON_POSTGRESQL = "HRHELPER_TESTS_DATABASE_URL" in os.environ
if ON_POSTGRESQL:  # tests/on_postgresql.py
    DATABASES["default"] = database(os.environ["HRHELPER_TESTS_DATABASE_URL"], "")
    # One that a thread keeps would be in the way when the database is deleted.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
else:
    # A file, as in production: health looks at it through a connection of its own.
    DATABASES["default"]["TEST"] = {"NAME": str(_top / "test.sqlite3")}

REST_FRAMEWORK["TEST_REQUEST_DEFAULT_FORMAT"] = "json"
