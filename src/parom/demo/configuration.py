"""The demonstration's parom.toml."""

from __future__ import annotations

import json

from parom.demo.stage import Stage

_ENDPOINTS = (
    "/api/v1/finance/grades/",
    "/api/v1/finance/salary-ranges/stats/",
    "/api/v1/vacancies/stats/",
)


def write_config(stage: Stage, recipient: str, *, checks: bool) -> None:
    """parom.toml; with `checks` once there is a token that they can use."""
    listed = ", ".join(f'"{path}"' for path in _ENDPOINTS)
    more = f"""
endpoints = [{listed}]
openapi = "/api/v1/schema/"
functional = "checks"
headers_file = "shared/check-headers"
"""
    shared, database = _database(stage)
    text = f"""# The demonstration's installation. `parom init` writes such a file for your project.
[project]
name = "hrhelper"
root = "installation"
settings = "config.settings"
language = "{stage.language}"

[source]
type = "directory"
location = "source"

[release]
dependencies = "requirements.txt"
environment_file = "shared/.env"
shared = [{shared}".env", "media/", "logs/"]

[database]
{database}

[services]
web = ["{{python}}", "-m", "gunicorn", "--no-control-socket", "--bind", "{{bind}}",
       "--workers", "2", "config.wsgi"]
worker = ["{{python}}", "manage.py", "run_worker"]
scheduler = ["{{python}}", "manage.py", "run_scheduler"]
bind = "127.0.0.1:{stage.port}"
graceful_s = 10

[checks]
health = "/api/v1/health/"
imports = ["from logic.base.api_client import BaseAPIClient"]
{more if checks else ""}
[vault]
path = "vault"
recipients = ["{recipient}"]
media = ["shared/media"]

# Short, so that the demonstration is; in production 300 and 1800 are the defaults.
[watch]
baseline_s = 10
short = true
seconds = 20
day_s = 0
grace_s = 5
logs = ["shared/logs/django.log"]
"""
    stage.config.write_text(text, "utf-8")


def _database(stage: Stage) -> tuple[str, str]:
    """What is shared because of it, and the lines of its table."""
    if stage.server is None:
        return '"db.sqlite3", ', 'path = "shared/db.sqlite3"'
    programs = json.dumps(str(stage.server.programs))
    told = ('type = "postgresql"', 'url_variable = "HRHELPER_DATABASE_URL"',
            f"programs = {programs}")  # fmt: skip
    return "", "\n".join(told)


def recipient_of(stage: Stage) -> str:
    first = (stage.top / "identity.txt").read_text("ascii").splitlines()[0]
    return first.removeprefix("# public key: ")
