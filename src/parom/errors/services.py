"""What can go wrong with the application's processes."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ParomError
from parom.facts import Process
from parom.words.said import said


def not_started(name: str, why: str, log: str) -> ParomError:
    return ParomError(
        "services.not-started",
        said("{name} did not start: {why}. The end of its log: {log}", name=name, why=why, log=log),
        said("Correct the release or its command in parom.toml."),
    )


def still_running(processes: Sequence[Process]) -> ParomError:
    named = ", ".join(f"pid {one.pid}: {one.command}" for one in processes)
    return ParomError(
        "services.still-running",
        said("These processes did not end, not even when killed: {named}.", named=named),
        said(
            "They wait for the kernel (a disk or network that does not answer); end them by hand."
        ),
        can_retry=True,
    )


def port_taken(bind: str, process: Process | None) -> ParomError:
    who = said("a process of another user")
    if process:
        who = said("pid {pid}: {command}", pid=process.pid, command=process.command)
    return ParomError(
        "services.port-taken",
        said("{bind} is taken by {who}.", bind=bind, who=who),
        said("End it, or choose another services.bind."),
        can_retry=True,
    )


def other_bind(held: str, wanted: str) -> ParomError:
    return ParomError(
        "services.other-bind",
        said(
            "The application is served at {held}; services.bind in parom.toml is {wanted}.",
            held=held,
            wanted=wanted,
        ),
        said(
            "Put services.bind back; or run `parom services end` and `parom services "
            "start`, which moves it and refuses visitors for a moment, and deploy again."
        ),
    )


def nobody_listens(bind: str, running: str) -> ParomError:
    return ParomError(
        "services.nobody-listens",
        said(
            "The application runs ({running}), but nothing of it listens on {bind}.",
            running=running,
            bind=bind,
        ),
        said(
            "Correct services.bind; or, where the web server has died, stop the services "
            "and deploy again."
        ),
    )


def supervisor_silent(why: str, log: str) -> ParomError:
    return ParomError(
        "services.supervisor-silent",
        said(
            "The process supervisor does not answer: {why}. The end of its log: {log}",
            why=why,
            log=log,
        ),
        said("Try again; `parom doctor` shows its state."),
        can_retry=True,
    )


def supervisor_stuck(pid: int, silence_s: float, log: str) -> ParomError:
    return ParomError(
        "services.supervisor-stuck",
        said(
            "The process supervisor (pid {pid}) lives, but has not answered for "
            "{silence_s} s. The end of its log: {log}",
            pid=pid,
            silence_s=f"{silence_s:g}",
            log=log,
        ),
        said(
            "Nothing was ended. Try again; where it stays silent, end it by `kill "
            "{pid}`, which ends the services too, and try again.",
            pid=pid,
        ),
        can_retry=True,
    )


def holds_production(pid: int, path: str) -> ParomError:
    return ParomError(
        "trial.holds-production",
        said(
            "In the rehearsal the release (pid {pid}) opened the production database {path}.",
            pid=pid,
            path=path,
        ),
        said(
            "Its settings must take the database from DATABASES['default'] alone; the "
            "rehearsal was ended."
        ),
    )


def reached_production(pid: int, path: str) -> ParomError:
    return ParomError(
        "trial.reached-production",
        said(
            "In the rehearsal the release (pid {pid}) tried to open {path}, which "
            "belongs to the production; it was refused.",
            pid=pid,
            path=path,
        ),
        said(
            "What it opens must come from its settings: DATABASES, or a path of the release's own."
        ),
    )


def other_settings(settings: str) -> ParomError:
    return ParomError(
        "trial.other-settings",
        said(
            "In the rehearsal the release did not take the settings that it was given in "
            "place of {settings}; it would have worked on the production's data.",
            settings=settings,
        ),
        said(
            "Its wsgi.py, asgi.py or start command sets DJANGO_SETTINGS_MODULE itself: "
            'let it say os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), as '
            "Django's own template does."
        ),
    )
