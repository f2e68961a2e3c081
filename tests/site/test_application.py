"""The middleware and the health view inside a real application of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_RUN = """
import json, sys, time
from pathlib import Path
base = Path(sys.argv[1])
from django.conf import settings
settings.configure(
    BASE_DIR=base, SECRET_KEY="k" * 50, ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__,
    MIDDLEWARE=["parom_site.middleware.MaintenanceMiddleware"],
    INSTALLED_APPS=["django.contrib.contenttypes"], PAROM_RETRY_AFTER=11,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": base / "db.sqlite3"}},
)
import django
django.setup()
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from parom_site.bypass import HEADER, sign
from parom_site.health import health
urlpatterns = [path("", lambda request: HttpResponse("here")), path("health/", health)]
client, seen = Client(), {}
seen["open"] = client.get("/").status_code
seen["pending"] = client.get("/health/").status_code
call_command("migrate", verbosity=0)
seen["migrated"] = client.get("/health/").status_code
flag, key = base / ".env.maintenance", base / ".env.maintenance.key"
flag.write_text("SYSTEM_MAINTENANCE=true")
closed = client.post("/", HTTP_ACCEPT="application/json", HTTP_ACCEPT_LANGUAGE="ru")
seen["closed"] = [closed.status_code, closed["Retry-After"], closed.json()["error"]["code"]]
key.write_bytes(b"k" * 64)
seen["passed"] = client.get("/", headers={HEADER: sign(b"k" * 64, 60)}).status_code
seen["forged"] = client.get("/", headers={HEADER: sign(b"f" * 64, 60)}).status_code
flag.unlink()
seen["open again"] = client.get("/").status_code
print(json.dumps(seen))
"""


def test_the_flag_and_the_health_view_do_what_they_say(tmp_path: Path) -> None:
    """R-4.1 and R-4.8, in the application's own process, without a restart."""
    ran = subprocess.run(
        [sys.executable, "-c", _RUN, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {
        "open": 200,
        "pending": 503,
        "migrated": 200,
        "closed": [503, "11", "maintenance"],
        "passed": 200,
        "forged": 503,
        "open again": 200,
    }
