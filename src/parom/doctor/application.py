"""The application's own settings, as far as an installed release can be asked."""

from __future__ import annotations

import stat
from collections.abc import Iterator

from parom.appside.envfile import read_env_file
from parom.checks.headers import read_headers
from parom.doctor.observation import Observation, good, note, warning, wrong
from parom.doctor.patient import Patient
from parom.words.said import said

_MIDDLEWARE = "parom_site.middleware.MaintenanceMiddleware"


def environment_file(patient: Patient) -> Iterator[Observation]:
    """Whether the settings of this machine are there, and closed to others."""
    named = patient.config.release.environment_file
    if not named:
        return
    file = patient.config.project.root / named
    if not file.is_file():
        yield wrong(
            "release.no-environment-file",
            said("release.environment_file is {file}, which is not there.", file=file),
            said("Put the file there (chmod 600) before the first deployment."),
        )
        return
    count = len(read_env_file(file))
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield warning(
            "release.open-environment-file",
            said(
                "Others than its owner may read {file}, which most likely holds secrets.", file=file
            ),
            said("chmod 600 {file}", file=file),
        )
    else:
        yield good(
            "release.environment-file",
            said("{file} holds {count} variable(s).", file=file, count=count),
        )


def settings(patient: Patient) -> Iterator[Observation]:
    """Whether the installed release loads."""
    if not patient.is_installed:
        yield note(
            "application.none",
            said("Parom has deployed nothing here yet; the first deployment asks the settings."),
        )
        return
    project = patient.project
    if project is None:
        yield note(
            "application.no-environment",
            said(
                "The application that runs has no environment that Parom made, so it is not asked."
            ),
        )
        return
    yield good(
        "application.loads",
        said(
            "{current} loads: Django {django_version} on Python {python_version}.",
            current=patient.current,
            django_version=project.django_version,
            python_version=project.python_version,
        ),
    )
    if project.debug:
        yield warning(
            "application.debug",
            said("Its settings have DEBUG on."),
            said("Turn it off in production."),
        )


def maintenance(patient: Patient) -> Iterator[Observation]:
    """parom-site in the application, where the gateway rests on it."""
    if patient.config.gateway.type != "flag":
        return
    project = patient.project if patient.is_installed else None
    if project is None:
        yield note(
            "gateway.unasked",
            said(
                "The gateway is a flag file; {middleware} must stand first in MIDDLEWARE, "
                "or a proxy in front must read the file.",
                middleware=_MIDDLEWARE,
            ),
        )
    elif _MIDDLEWARE in project.middleware:
        yield good("gateway.middleware", said("The maintenance middleware is in the application."))
    elif patient.config.gateway.stand_in:
        yield note(
            "gateway.no-middleware",
            said(
                "The application has no maintenance middleware; Parom answers for it while "
                "it stops."
            ),
        )
    else:
        yield warning(
            "gateway.no-middleware",
            said(
                "Nothing in the application reads the flag file, and Parom does not answer for it."
            ),
            said(
                "Install parom-site and put {middleware} first in MIDDLEWARE, or let a "
                "proxy read the file.",
                middleware=_MIDDLEWARE,
            ),
        )


def headers(patient: Patient) -> Iterator[Observation]:
    """The file with secrets for checks; what is in it is not told."""
    named = patient.config.checks.headers_file
    if not named:
        return
    found = read_headers(patient.config.project.root / named)
    yield good("checks.headers", said("{n} header(s) go with every check.", n=len(found)))
