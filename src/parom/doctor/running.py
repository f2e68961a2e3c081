"""What runs now: the port, the services, the page that says whether they are healthy."""

from __future__ import annotations

import os
from collections.abc import Iterator
from urllib.parse import urljoin

from parom.adapters.services.processes import listening_on
from parom.checks.headers import read_headers
from parom.checks.probe import ask
from parom.doctor.observation import Observation, good, note, of_problem, warning, wrong
from parom.doctor.patient import Patient
from parom.errors import services as errors
from parom.facts import GatewayState, Process, ServiceState
from parom.words.said import said

_PRIVILEGED = 1024
_OK = 200


def port(patient: Patient) -> Iterator[Observation]:
    """Free, or ours."""
    bind = patient.config.services.bind
    number = bind.rpartition(":")[2]
    holder = _listener(patient)
    scripted = patient.config.services.type == "scripts"
    if holder is None:
        if scripted:
            yield warning(
                "services.nobody-listens",
                said(
                    "Nobody listens on {bind}, where the scripts should let the web server listen.",
                    bind=bind,
                ),
                said(
                    "Start the application, or correct services.bind: a new release is waited "
                    "for there, and taken back if it does not come."
                ),
            )
        elif int(number) < _PRIVILEGED and os.getuid() != 0:
            yield wrong(
                "services.privileged-port",
                said("{bind} can only be opened by root.", bind=bind),
                said("Choose a port from 1024 on, and let a proxy in front have the other."),
            )
        else:
            yield good("services.port", said("{bind} is free.", bind=bind))
    elif scripted:
        yield good(
            "services.port", said("{bind} is served by {holder}.", bind=bind, holder=_named(holder))
        )
    elif holder.pid in patient.installation.services.processes() or _is_supervisor(patient, holder):
        yield good("services.port", said("{bind} is held by Parom's supervisor.", bind=bind))
    else:
        yield of_problem(errors.port_taken(bind, holder))


def _listener(patient: Patient) -> Process | None:
    host, _, number = patient.config.services.bind.rpartition(":")
    return listening_on(host.strip("[]"), int(number))


def _is_supervisor(patient: Patient, holder: Process) -> bool:
    folder = str(patient.config.state / "supervisor")
    return folder in holder.command


def _named(holder: Process) -> str:
    return f"{holder.name} (pid {holder.pid})"


def services(patient: Patient) -> Iterator[Observation]:
    """Each configured service, judged by its processes."""
    if not patient.is_installed:
        return
    stopped = [
        one.name
        for one in patient.installation.services.status()
        if one.state is not ServiceState.RUNNING
    ]
    if stopped:
        yield warning(
            "services.stopped",
            said("Not running: {stopped}.", stopped=", ".join(stopped)),
            said("`parom services start` starts them, as after a reboot; a deployment does too."),
        )
    else:
        yield good("services.running", said("All services run."))
    state = patient.installation.gateway.state()
    if state is not GatewayState.OPEN:
        yield warning(
            "gateway.not-open",
            said("The gateway is {state}: the public is not let in.", state=state.value),
            said("`parom maintenance off` opens it."),
        )


def health(patient: Patient) -> Iterator[Observation]:
    """The health page of what runs."""
    checks, installation = patient.config.checks, patient.installation
    if not patient.is_installed and _listener(patient) is None:
        yield note(
            "checks.health-unasked",
            said(
                "Nothing runs yet: whether {health} answers is seen at the first deployment.",
                health=checks.health,
            ),
        )
        return
    named = checks.headers_file
    given = read_headers(patient.config.project.root / named) if named else {}
    sent = {**given, **installation.gateway.bypass_headers()}
    url = urljoin(installation.gateway.public_url(), checks.health)
    answer, _ = ask(url, headers=sent, limit_s=patient.config.watch.probe_limit_s)
    if answer.status == _OK:
        yield good("checks.health", said("{health} answers 200.", health=checks.health))
    else:
        why = said("status {n}", n=answer.status) if answer.status else answer.error
        yield warning(
            "checks.health-red",
            said("{url} does not say that the application is healthy: {why}.", url=url, why=why),
            said("Correct checks.health, or look why; a release with it would not be let in."),
        )
