"""What can go wrong with the application's processes."""

from __future__ import annotations

from collections.abc import Sequence

from parom.errors.problem import ParomError
from parom.facts import Process


def not_started(name: str, why: str, log: str) -> ParomError:
    return ParomError(
        "services.not-started",
        f"{name} did not start: {why}. The end of its log: {log}",
        "Correct the release or its command in parom.toml.",
    )


def still_running(processes: Sequence[Process]) -> ParomError:
    named = ", ".join(f"pid {one.pid}: {one.command}" for one in processes)
    return ParomError(
        "services.still-running",
        f"These processes did not end, not even when killed: {named}.",
        "They wait for the kernel (a disk or network that does not answer); end them by hand.",
        can_retry=True,
    )


def port_taken(bind: str, process: Process | None) -> ParomError:
    who = f"pid {process.pid}: {process.command}" if process else "a process of another user"
    return ParomError(
        "services.port-taken",
        f"{bind} is taken by {who}.",
        "End it, or choose another services.bind.",
        can_retry=True,
    )


def other_bind(held: str, wanted: str) -> ParomError:
    return ParomError(
        "services.other-bind",
        f"The application is served at {held}; services.bind in parom.toml is {wanted}.",
        "Put services.bind back; or run `parom services end` and `parom services start`, which "
        "moves it and refuses visitors for a moment, and deploy again.",
    )


def nobody_listens(bind: str, running: str) -> ParomError:
    return ParomError(
        "services.nobody-listens",
        f"The application runs ({running}), but nothing of it listens on {bind}.",
        "Correct services.bind; or, where the web server has died, stop the services and deploy "
        "again.",
    )


def supervisor_silent(why: str, log: str) -> ParomError:
    return ParomError(
        "services.supervisor-silent",
        f"The process supervisor does not answer: {why}. The end of its log: {log}",
        "Try again; `parom doctor` shows its state.",
        can_retry=True,
    )


def supervisor_stuck(pid: int, silence_s: float, log: str) -> ParomError:
    return ParomError(
        "services.supervisor-stuck",
        f"The process supervisor (pid {pid}) lives, but has not answered for {silence_s:g} s. "
        f"The end of its log: {log}",
        f"Nothing was ended. Try again; where it stays silent, end it by `kill {pid}`, which "
        "ends the services too, and try again.",
        can_retry=True,
    )


def holds_production(pid: int, path: str) -> ParomError:
    return ParomError(
        "trial.holds-production",
        f"In the rehearsal the release (pid {pid}) opened the production database {path}.",
        "Its settings must take the database from DATABASES['default'] alone; "
        "the rehearsal was ended.",
    )


def reached_production(pid: int, path: str) -> ParomError:
    return ParomError(
        "trial.reached-production",
        f"In the rehearsal the release (pid {pid}) tried to open {path}, which belongs to the "
        "production; it was refused.",
        "What it opens must come from its settings: DATABASES, or a path of the release's own.",
    )


def other_settings(settings: str) -> ParomError:
    return ParomError(
        "trial.other-settings",
        f"In the rehearsal the release did not take the settings that it was given in place of "
        f"{settings}; it would have worked on the production's data.",
        "Its wsgi.py, asgi.py or start command sets DJANGO_SETTINGS_MODULE itself: let it say "
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", ...), as Django\'s own template does.',
    )
