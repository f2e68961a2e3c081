"""The large installation: PostgreSQL, Redis, gunicorn, a Celery worker and beat, for real."""

import base64
import http.client
import json
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from tests.releases.conftest import DEADLINE_S, Release, free_port, status_of, wait_until
from tests.servers.google import CLIENT_ID, CLIENT_SECRET

SERVICES = ("web", "worker", "scheduler")


@dataclass(frozen=True)
class Secrets:
    """Each holds the canary: none may appear in a log."""

    canary: str

    def __getattr__(self, name):
        return f"{self.canary}-{name}-{'x' * 40}"

    @property
    def credential_key(self):
        """A key of Fernet has its own form, and is looked for as it is."""
        return base64.urlsafe_b64encode(self.canary.ljust(32, "k").encode()[:32]).decode()

    @property
    def all(self):
        return (self.canary, quote(self.canary, safe=""), self.credential_key, CLIENT_SECRET)


class LargeInstallation:
    """A release with its services, on the database and the Redis of a test."""

    def __init__(self, release, folder, given, postgresql, redis, **more):
        self.tree, self.secrets, self.port = folder / "installation", given, free_port()
        shutil.copytree(release, self.tree)
        self.postgresql, self.redis = postgresql, redis
        variables = {
            "HRHELPER_SECRET_KEY": given.secret_key,
            "HRHELPER_CREDENTIAL_KEYS": given.credential_key,
            "HRHELPER_DATABASE_URL": postgresql.url,
            "HRHELPER_CACHE_URL": redis.url(1),
            "HRHELPER_BROKER_URL": redis.url(0),
            "HRHELPER_BIND": f"127.0.0.1:{self.port}",
            "HRHELPER_WORKERS": "1",
            "HRHELPER_WORKER_PROCESSES": "1",
            "HRHELPER_STOP_SECONDS": "20",
            "HRHELPER_SSL_REDIRECT": "false",
            "HRHELPER_PYTHON": sys.executable,
            "HRHELPER_GOOGLE_CLIENT_ID": CLIENT_ID,
            "HRHELPER_GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
            "HOME": str(folder),
        }
        self.release = Release(self.tree, variables | more)
        self.headers = {}

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def set_up(self):
        """Tables, example data, and a token for an administrator."""
        file = self.tree / "headers"
        self.release.manage("migrate", "-v0")
        self.release.manage("seed", "--rows", "100")
        self.release.manage("ensure_api_token", "--username", "olga", "--file", str(file))
        name, value = file.read_text("ascii").strip().split(": ", 1)
        self.headers = {name: value}

    def start(self):
        self.release.run("./start_services.sh")
        wait_until(lambda: status_of(self.port, "/readyz") == 200, "an answer of the web service")

    def stop(self):
        self.release.run("./stop_services.sh")

    def connect_huntflow(self, server):
        """As an administrator does it: the tokens by the input."""
        tokens = {"access_token": server.access, "refresh_token": server.refresh}
        subprocess.run(
            [sys.executable, "manage.py", "connect_huntflow"],
            cwd=self.tree,
            env=self.release.environment,
            input=json.dumps(tokens),
            check=True,
            capture_output=True,
            text=True,
        )

    def pid(self, name):
        return int((self.tree / "run" / f"{name}.pid").read_text("ascii"))

    def ask(self, method, path, body=None, headers=None):
        """Status, headers, and what was answered as JSON."""
        return ask(self.port, method, path, body, self.headers if headers is None else headers)

    def health(self):
        status, _, said = self.ask("GET", "/api/v1/health/")
        return status, said["parts"]

    def logs(self):
        """All that its processes and its database have written, by file."""
        files = [*(self.tree / "logs").iterdir(), Path(self.postgresql.log)]
        return {file.name: file.read_text("utf-8", "replace") for file in files}


def ask(port, method, path, body, headers):
    """Status, headers, and what was answered as JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
    sent = headers | {"Content-Type": "application/json"}
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, sent)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, answer.headers, json.loads(content) if content else None
    finally:
        connection.close()


def members(group):
    """Processes of a process group that can still do anything.

    One on its way out gives its files back, and with them its lock, before it is a zombie; by
    then its memory is gone, and with that its arguments.
    """
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            is_leaving = not stat.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(its_group) == group and state != "Z" and not is_leaving:
            found.append(int(stat.parent.name))
    return found


def new_secrets():
    # What an address uses for itself must come through it, too.
    return Secrets(f"canary@/{secrets.token_hex(8)}")
