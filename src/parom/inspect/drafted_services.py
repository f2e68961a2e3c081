"""The settings of a draft about the services, the gateway and the checks."""

from __future__ import annotations

import re
from pathlib import Path

from parom.appside.envfile import read_env_file
from parom.config.example import Setting
from parom.inspect.asking import Answers
from parom.inspect.found import text_of
from parom.inspect.project import ProjectInspection
from parom.inspect.urls import Route
from parom.inspect.web_server import gunicorn_command
from parom.inspect.wishes import Key, Wishes
from parom.words.said import said

_SHOWN = 8
_ADDRESS = re.compile(
    r"""(?P<host>(?:\d{1,3}\.){3}\d{1,3}|localhost):
        (?:(?P<port>\d{2,5})\b | \$\{?(?P<name>\w+)(?::?-(?P<else>\d{2,5}))?)""",
    re.VERBOSE,
)


def service_settings(
    found: ProjectInspection, answers: Answers | None, wishes: Wishes
) -> dict[Key, Setting]:
    """[services], [gateway] and [checks]."""
    by_scripts = wishes.in_place and found.start_script is not None
    running = _scripts(found) if by_scripts else _embedded(found)
    return {**running, **_checks(found, answers)}


def _embedded(found: ProjectInspection) -> dict[Key, Setting]:
    settings: dict[Key, Setting] = {("services", "web"): _web(found)}
    if found.celery is not None:
        how = found.celery.app.how
        settings["services", "worker"] = Setting(found.celery.worker, (how,))
        if found.celery.scheduler:
            settings["services", "scheduler"] = Setting(
                found.celery.scheduler, (said("something is scheduled in the project"),)
            )
    return settings


def _web(found: ProjectInspection) -> Setting:
    version = found.gunicorn.value if found.gunicorn else ""
    wsgi = found.wsgi
    command = gunicorn_command(wsgi.value if wsgi else "wsgi:application", version)
    remarks: tuple[str, ...] = (
        (wsgi.how,) if wsgi else (said("no WSGI application was found: name it at the end"),)
    )
    if "--no-control-socket" in command:
        remarks = (*remarks, said("gunicorn before 25.1 does not know --no-control-socket"))
    return Setting(command, remarks, decide=wsgi is None)


def _scripts(found: ProjectInspection) -> dict[Key, Setting]:
    settings: dict[Key, Setting] = {
        ("services", "type"): Setting("scripts", (said("the application has scripts of its own"),)),
        ("services", "web"): _web(found),
        ("services", "bind"): _bind(found),
        ("gateway", "type"): Setting(
            "flag", (said("parom_site's middleware in the application reads the flag file"),)
        ),
    }
    for key, script in (("start", found.start_script), ("stop", found.stop_script)):
        if script is None:
            settings["services", key] = Setting(
                (f"./{key}_services.sh",), (_no_script(key),), decide=True
            )
        else:
            settings["services", key] = Setting((f"./{script.value}",), (script.how,))
    return settings


def _no_script(key: str) -> str:
    return said(
        "no script to start them was found"
        if key == "start"
        else "no script to stop them was found"
    )


def _bind(found: ProjectInspection) -> Setting:
    """The address that the start script gives to the web server."""
    script = found.start_script
    lines = text_of(found.root / script.value).splitlines() if script else []
    code = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    named = _ADDRESS.search(code)
    port = _port(found, named) if named else ""
    if named is None or script is None or not port:
        remark = said("where do the scripts let the web server listen?")
        return Setting("127.0.0.1:8000", (remark,), decide=True)
    return Setting(f"{named['host']}:{port}", (said("{file} says so", file=script.value),))


def _port(found: ProjectInspection, named: re.Match[str]) -> str:
    """The port itself, or what the environment files say of the variable that holds it."""
    if named["port"]:
        return named["port"]
    for file in found.environment_files:
        value = read_env_file(found.root / file.value).get(named["name"], "")
        if value.isdigit():
            return value
    return named["else"] or ""


def _checks(found: ProjectInspection, answers: Answers | None) -> dict[Key, Setting]:
    asked = answers.routes if answers else ()
    routes = (*found.routes, *(one for one in asked if one.path not in _paths(found.routes)))
    settings: dict[Key, Setting] = {("checks", "health"): _health(routes)}
    schema = next((one for one in routes if one.looks_like_schema), None)
    if schema:
        settings["checks", "openapi"] = Setting(schema.path, (_in_urlconf(schema),))
    plain = [one.path for one in routes if one.is_plain and not one.looks_like_schema]
    plain = [one for one in plain if one != settings["checks", "health"].value]
    if plain:
        listed = ", ".join(plain[:_SHOWN]) + (", ..." if len(plain) > _SHOWN else "")
        remark = said(
            "pages without parameters are {listed}: list those that the public can GET",
            listed=listed,
        )
        settings["checks", "endpoints"] = Setting((), (remark,))
    folder = Path(found.manage.value).parent / "checks"
    if any((found.root / folder).glob("test_*.py")):
        how = said("{folder} holds pytest files", folder=folder)
        settings["checks", "functional"] = Setting("checks", (how,))
    return settings


def _rank(route: Route) -> int:
    named = f"{route.path} {route.view}".lower()
    return next((n for n, word in enumerate(("health", "ready")) if word in named), 2)


def _paths(routes: tuple[Route, ...]) -> set[str]:
    return {one.path for one in routes}


def _health(routes: tuple[Route, ...]) -> Setting:
    found = [one for one in routes if one.looks_like_health]
    if found:
        # The one that says most: a page named "live" often says only that a process runs.
        health = min(found, key=_rank)
        return Setting(health.path, (_in_urlconf(health),))
    plain = [one for one in routes if one.is_plain and not one.looks_like_schema]
    # The front page, or else whatever stands first: some page is better than none.
    instead = next((one for one in plain if one.path == "/"), plain[0] if plain else None)
    better = said("a page that asks the database is better: parom_site.health.health is one")
    if instead:
        remark = said(
            "no health page was found; {path} must answer 200 instead; {better}",
            path=instead.path,
            better=better,
        )
        return Setting(instead.path, (remark,), decide=True)
    remark = said("no page was found in the URLconf; it must answer 200; {better}", better=better)
    return Setting("/", (remark,), decide=True)


def _in_urlconf(route: Route) -> str:
    return said("{view} in the URLconf", view=route.view)
