"""Sets the demonstration's production up, and ends it with all that runs for it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from parom.adapters.vaults import identity
from parom.demo.configuration import write_config
from parom.demo.ports import free_port
from parom.demo.server import end_left, running
from parom.demo.server_programs import find_programs, somebody
from parom.demo.stage import DatabaseKind, Stage
from parom.errors import ParomError
from parom.errors import demo as errors
from parom.words.language import Language

_FAULT_AFTER_S = 10


def make_stage(top: Path, hrhelper: Path) -> Stage:
    """Fresh folders with keys and settings; a stage of before at the same place goes.

    Raises `demo.no-hrhelper`.
    """
    _clear(top, hrhelper)
    return _lay_out(Stage(top, hrhelper, free_port()))


@contextmanager
def staged(
    top: Path, hrhelper: Path, database: DatabaseKind, language: Language
) -> Iterator[Stage]:
    """A fresh stage on the database that is wanted; all that runs for it ends with this.

    Raises `demo.no-hrhelper` and `demo.no-postgresql` before anything is changed.
    """
    user = somebody()
    programs = find_programs(user) if database == "postgresql" else None
    _clear(top, hrhelper)
    top.mkdir(parents=True)
    with ExitStack() as ending:
        server = ending.enter_context(running(top, programs, user)) if programs else None
        stage = _lay_out(Stage(top, hrhelper, free_port(), server, language))
        ending.callback(shut_down, stage)
        yield stage


def _clear(top: Path, hrhelper: Path) -> None:
    """End what a stage of before left at this place, and remove it. Raises `demo.no-hrhelper`."""
    if not (hrhelper / "releases.py").exists():
        raise errors.no_hrhelper(hrhelper)
    if not top.exists():
        return
    before = Stage(top, hrhelper, 0)
    # Another Parom's may say what this one does not know.
    with contextlib.suppress(ParomError):
        shut_down(before)
    end_left(top)
    shutil.rmtree(top)


def _lay_out(stage: Stage) -> Stage:
    """Folders, keys and settings where there is nothing."""
    shared = stage.root / "shared"
    shared.mkdir(parents=True)
    env = shared / ".env"
    subprocess.run(
        [sys.executable, str(stage.hrhelper / "make_env.py"), str(env),
         "HRHELPER_SSL_REDIRECT=false", f"HRHELPER_FAULT_AFTER_SECONDS={_FAULT_AFTER_S}"],
        check=True,
    )  # fmt: skip
    if stage.server:
        # Not by an argument: it has a password in it.
        with env.open("a", encoding="utf-8") as file:
            file.write(f"HRHELPER_DATABASE_URL={stage.server.url}\n")
    write_config(stage, identity.create(stage.top / "identity.txt"), checks=False)
    return stage


def shut_down(stage: Stage) -> None:
    """End everything that the demonstration started."""
    from parom.adapters.services.processes import end_all, with_open
    from parom.config.reading import read
    from parom.wiring import end_everything

    config = read(stage.config)
    # An engine goes on where only the demonstration was ended.
    end_all(with_open(config.state.resolve() / "lock"), graceful_s=1)
    end_everything(config)
