"""Single faults: what else goes wrong in a data centre, one function each."""

from __future__ import annotations

import os
import pty
import socket
import sys
from collections.abc import Callable

from tests.faults.scenarios import FAILS_WITH_USE, MIGRATING
from tests.faults.scene import Scene, end, hold_open
from tests.faults.stage import shut_down
from tests.faults.wrong_releases import (
    cannot_be_imported,
    dependency_missing,
    healthy_in_rehearsal_only,
    migration_fails_half_way,
    migration_fails_in_production,
    migration_fails_in_rehearsal,
    never_healthy,
    settings_raise,
    starts_in_rehearsal_only,
)

Single = Callable[[Scene], None]
_FAILING_CHECK = "def test_no(api):\n    assert False, 'as it was told to'\n"


def two_at_once(scene: Scene) -> None:
    """One is refused, and told by whom and since when."""
    scene.source(2)
    both = [scene.begin("deploy"), scene.begin("deploy")]
    told = [one.communicate(timeout=400) for one in both]
    codes = sorted(one.returncode for one in both)
    if codes != [0, 10]:
        scene.found.append(f"two at once ended with {codes}: {told}")
        return
    out, err = told[[one.returncode for one in both].index(10)]
    for words in ("is at work on production since 20", "[lease.held]"):
        if words not in out + err:
            scene.found.append(f"the refused one was not told {words!r}: {out}{err}")
    scene.at_rest(2)


def two_resumes(scene: Scene) -> None:
    scene.source(2, fill=MIGRATING)
    scene.kill_at("database.migrate:after-intent")
    both = [scene.begin("resume"), scene.begin("resume")]
    told = [one.communicate(timeout=400) for one in both]
    codes = sorted(one.returncode for one in both)
    if codes != [0, 10]:
        scene.found.append(f"two resumes ended with {codes}: {told}")
    scene.at_rest(2)


def terminal_closed(scene: Scene) -> None:
    """The session's leader goes, and its terminal with it; the run does not."""
    scene.source(2)
    environment = scene.slot.environment
    argv = [sys.executable, "-m", "parom.cli.main", "--config", str(scene.slot.ferry.config)]
    leader, terminal = pty.fork()
    if leader == 0:
        os.execve(sys.executable, [*argv, "deploy"], environment)  # noqa: S606
    scene.wait_for("intent", "backup.online")
    os.close(terminal)
    os.waitpid(leader, 0)
    scene.wait_until_idle()
    scene.at_rest(2)


def ignores_sigterm(scene: Scene) -> None:
    stubborn = (
        "import signal, threading\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "threading.Event().wait()\n"
    )
    scene.source(2, worker=stubborn)
    scene.parom("deploy")
    scene.at_rest(2)
    scene.next_works()


def stranger_holds_database(scene: Scene) -> None:
    scene.source(2)
    stranger = hold_open(scene.slot.ferry.live_database)
    try:
        scene.parom("deploy", codes=(20,), says=f"pid {stranger.pid}")
    finally:
        end(stranger)
    scene.at_rest(1)
    scene.next_works()


def migration_is_cut_off(scene: Scene) -> None:
    """The engine and the migration die together, half-way and not atomic: the next engine
    begins again on a fresh copy of the snapshot."""
    scene.source(2, atomic="False", fill=MIGRATING.replace("sleep(0.3)", "sleep(3)"))
    scene.kill_at("database.migrate:during-migration")
    shut_down(scene.slot.top)
    scene.parom("resume")
    (scene.slot.top / "migrating").unlink(missing_ok=True)
    scene.at_rest(2)


def port_taken(scene: Scene) -> None:
    scene.source(2)
    scene.writer.stop()
    shut_down(scene.slot.top)
    with socket.create_server(("127.0.0.1", scene.slot.ferry.port)):
        scene.parom("deploy", codes=(10, 20, 30), says=f"pid {os.getpid()}")
    scene.writer.start()
    if scene.status() != "idle":
        scene.parom("resume", codes=(10, 20, 21))
    else:
        scene.parom("services", "start")
    scene.at_rest(1)
    scene.next_works()


def held_then_taken_back(scene: Scene) -> None:
    """A person is asked, has it carried on, is asked again, and takes it back."""
    scene.configure("policy", 'on_failure = "hold"')
    scene.source(2, notes=FAILS_WITH_USE)
    scene.parom("deploy", codes=(30,), says="[watch.alarm]")
    if (state := scene.status()) != "held":
        scene.found.append(f"`parom status` says {state}")
    scene.parom("deploy", codes=(30,), says="[run.interrupted]")
    scene.parom("resume", codes=(30,))
    scene.parom("rollback", codes=(20,))
    scene.at_rest(1)


def held_then_accepted(scene: Scene) -> None:
    """What alarmed before is not held against a run that a person has carried on."""
    scene.configure("policy", 'on_failure = "hold"')
    healed = (
        "healed = any((one / 'healed').exists() for one in "
        "__import__('pathlib').Path(__file__).resolve().parents)\n"
        "    if not healed and VERSION == 2 and request.method == 'GET' "
        "and Note.objects.filter(length=0).count() > 3: return JsonResponse({}, status=500)"
    )
    scene.source(2, notes=healed)
    scene.parom("deploy", codes=(30,), says="[watch.alarm]")
    (scene.slot.top / "healed").touch()
    scene.parom("resume")
    scene.at_rest(2)


def hold_expires(scene: Scene) -> None:
    """Nobody resumes: visitors are let go with a 503, and the run is carried on later."""
    scene.configure("gateway", "hold_limit_s = 4")
    scene.source(2)
    scene.kill_at("services.stop:before-outcome")
    if not _answers_503(scene):
        scene.found.append("visitors wait for ever")
    scene.parom("resume")
    scene.at_rest(2)


def abort_in_preparation(scene: Scene) -> None:
    _abort_in(scene, "backup.online", (10,))


def abort_in_cutover(scene: Scene) -> None:
    _abort_in(scene, "database.migrate", (20,))


def abort_in_watch(scene: Scene) -> None:
    _abort_in(scene, "watch.run", (20, 21))


def rollback_twice(scene: Scene) -> None:
    scene.source(2)
    scene.parom("deploy")
    scene.at_rest(2)
    scene.parom("rollback")
    scene.parom("rollback", codes=(10,), says="[run.nothing-to-roll-back]")
    scene.at_rest(1)
    scene.next_works()


def rollback_after_failed_deployment(scene: Scene) -> None:
    """A failed deployment without a migration leaves the capture of the one before in force."""
    scene.source(2)
    scene.parom("deploy")
    scene.at_rest(2)
    scene.source(3, check=_FAILING_CHECK)
    scene.parom("deploy", codes=(20,))
    scene.at_rest(2)
    scene.parom("rollback")
    scene.at_rest(1)


def partial_rollback(scene: Scene) -> None:
    scene.source(2)
    scene.parom("deploy")
    scene.source(3)
    scene.parom("deploy")
    first, second, _third = scene.releases()
    scene.parom("rollback", "--only", "notes/migrations", "--to", first, codes=(10,),
                says="[release.holds-migrations]")  # fmt: skip
    scene.parom("rollback", "--only", "notes", "--to", first, codes=(10,),
                says="[release.holds-migrations]")  # fmt: skip
    scene.at_rest(3)
    scene.parom("rollback", "--only", "notes/views.py", "--to", second)
    scene.at_rest(2)


def _abort_in(scene: Scene, step: str, codes: tuple[int, ...]) -> None:
    file = scene.slot.ferry.config
    file.write_text(file.read_text().replace("seconds = 1\n", "seconds = 60\n"))
    scene.source(2, fill=MIGRATING.replace("sleep(0.3)", "sleep(2)"))
    scene.parom("deploy", "--detach")
    scene.wait_for("intent", step)
    scene.parom("abort", codes=codes, says="asked to abort")
    (scene.slot.top / "migrating").unlink(missing_ok=True)
    scene.at_rest(1)


def _answers_503(scene: Scene) -> bool:
    from tests.faults.checker import get

    return any(get(scene.slot.ferry.port, "/health/")[0] == 503 for _ in range(4))


SINGLES: dict[str, Single] = {
    one.__name__.replace("_", "-"): one
    for one in (
        two_at_once,
        two_resumes,
        terminal_closed,
        ignores_sigterm,
        stranger_holds_database,
        migration_fails_in_production,
        migration_fails_half_way,
        migration_fails_in_rehearsal,
        migration_is_cut_off,
        port_taken,
        cannot_be_imported,
        settings_raise,
        dependency_missing,
        never_healthy,
        healthy_in_rehearsal_only,
        starts_in_rehearsal_only,
        held_then_taken_back,
        held_then_accepted,
        hold_expires,
        abort_in_preparation,
        abort_in_cutover,
        abort_in_watch,
        rollback_twice,
        rollback_after_failed_deployment,
        partial_rollback,
    )
}
BOTH_LAYOUTS = frozenset(
    {
        "two-at-once",
        "terminal-closed",
        "ignores-sigterm",
        "stranger-holds-database",
        "migration-fails-half-way",
        "port-taken",
        "healthy-in-rehearsal-only",
        "starts-in-rehearsal-only",
        "abort-in-watch",
        "partial-rollback",
    }
)
"""Those in which services, gateway and layout have a part; the others run on one."""
