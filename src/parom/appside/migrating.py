"""The process that migrates: loads everything, waits to be released, migrates to the end.

A part of `inside.py`, run by the release's interpreter (Python 3.8+, Django 3.2+).
"""

import gc
import json
import os
import time
import traceback

from parom_inside import beside, connection_if_there, described, set_up, state

lock_waits = beside("lock_waits")
ABANDONED = {"seconds": 0.0, "applied": [], "abandoned": True}


def migrate(how, ready):
    """Migrate forward, once released; see `released`. `how` is for `lock_waits.Patience`."""
    return timed(how, "apply_migration", [()]) if released(ready) else ABANDONED


def unmigrate(how, *arguments):
    """Back to each `app:name`, or `app:zero`, in the order given, once released."""
    targets = [target.split(":") for target in arguments[:-1]]
    return timed(how, "unapply_migration", targets) if released(arguments[-1]) else ABANDONED


def released(ready):
    """Load everything, say so on the descriptor `ready`, wait for a line.

    Without a line nothing may be touched: whoever wanted it is gone.
    """
    control = kept_input()
    os.set_inheritable(int(ready), False)
    load_for_migrating()
    os.write(int(ready), b"ready\n")
    os.close(int(ready))
    return read_line(control) == b"go\n"


def kept_input():
    """Our own input, moved to where the application cannot read the line that is for us."""
    control, nothing = os.dup(0), os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return control


def read_line(descriptor):
    line = b""
    while not line.endswith(b"\n"):
        one = os.read(descriptor, 1)
        if not one:
            break
        line += one
    return line


def load_for_migrating():
    """All that takes time and can be done while the application still serves."""
    set_up(looking=False)
    from django.core.management.commands import migrate as command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    assert command
    connection = connection_if_there()
    if connection is not None:
        MigrationExecutor(connection)  # imports every migration
    connections.close_all()
    # What is loaded stays. Else Python looks through all of it, several times, at its end, and
    # that it has ended is what the public waits for.
    gc.freeze()


def timed(how, method, calls):
    """Run `migrate` for each of `calls`, timing every migration that goes through `method`."""
    from django.core.management import call_command
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    patience = lock_waits.Patience(json.loads(how))
    patience.limit_each_session()
    done, current = [], {"name": ""}
    original = getattr(MigrationExecutor, method)

    def measured(self, models, migration, *args, **kwargs):
        current["name"] = "%s.%s" % (migration.app_label, migration.name)
        start = time.monotonic()
        result = patience.run(
            self.connection,
            migration,
            models,
            lambda given: original(self, given, migration, *args, **kwargs),
        )
        done.append([migration.app_label, migration.name, time.monotonic() - start])
        current["name"] = ""
        return result

    setattr(MigrationExecutor, method, measured)
    state["changing"] = True
    start = time.monotonic()
    try:
        for call in calls:
            call_command("migrate", *call, interactive=False, verbosity=1)
    except BaseException as problem:
        traceback.print_exc()  # whole, to the log of the run; the answer has its end only
        error = described(problem)
        error.update(migration=current["name"], lock=patience.why(problem))
        return {"error": error, "applied": done}
    finally:
        connections.close_all()
    return {
        "seconds": time.monotonic() - start,
        "applied": done,
        "retried": patience.retried,
        "locks": patience.locks,
    }
