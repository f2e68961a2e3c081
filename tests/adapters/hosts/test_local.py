"""Commands on this machine, as real processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from parom.adapters.hosts import local
from parom.adapters.hosts.local import KEPT_BYTES, LocalHost
from tests.support.living import is_gone
from tests.support.waiting import PATIENCE_S, wait_until


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_command_gives_its_status_and_both_outputs(tmp_path: Path) -> None:
    """What a step shows of a failure comes from here."""
    code = "import os, sys; print(os.getcwd()); print(sys.stdin.read(), file=sys.stderr); exit(3)"
    finished = LocalHost().run(python(code), cwd=tmp_path, stdin=b"given")
    assert (finished.exit_code, finished.stdout, finished.stderr) == (
        3,
        f"{tmp_path}\n",
        "given\n",
    )
    assert not finished.succeeded
    assert not finished.timed_out


def test_secrets_of_our_environment_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command gets what it is given and little else."""
    monkeypatch.setenv("PAROM_TEST_SECRET", "secret")
    finished = LocalHost().run(["env"], env={"GIVEN": "yes"})
    assert "GIVEN=yes" in finished.stdout
    assert "PATH=" in finished.stdout
    assert "secret" not in finished.stdout


@pytest.mark.parametrize(
    ("argv", "cwd"), [(["/no/such/command"], None), (["true"], Path("/no/such/folder"))]
)
def test_what_cannot_be_started_says_127_and_why(argv: list[str], cwd: Path | None) -> None:
    """A missing tool is an answer, not a traceback."""
    finished = LocalHost().run(argv, cwd=cwd)
    assert finished.exit_code == 127
    assert "/no/such" in finished.stderr


def test_at_the_time_limit_the_whole_group_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child that ignores SIGTERM must not go on migrating unseen."""
    monkeypatch.setattr(local, "GRACE_S", 0.2)
    note = tmp_path / "pid"
    child = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    )
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    finished = LocalHost().run(python(parent), timeout_s=5)
    assert finished.timed_out
    assert finished.exit_code == -signal.SIGTERM
    pid = int(note.read_text())
    wait_until(lambda: is_gone(pid), "the child was ended")


def test_a_service_left_behind_neither_blocks_nor_dies(tmp_path: Path) -> None:
    """`start_services.sh` leaves processes that inherited its output."""
    note = tmp_path / "pid"
    go = tmp_path / "go"
    done = tmp_path / "done"
    script = (
        f"( echo $BASHPID > {note}; while [ ! -e {go} ]; do :; done; "
        f"echo still here; touch {done} ) &"
    )
    finished = LocalHost().run(["bash", "-c", script], timeout_s=300)
    assert finished.succeeded
    wait_until(lambda: note.exists() and note.read_text().strip() != "", "it has begun")
    go.touch()
    wait_until(done.exists, "it goes on")


def test_a_flood_of_output_keeps_its_head_and_tail() -> None:
    """The beginning names the cause, the end the consequence."""
    size = 3 * KEPT_BYTES
    code = f"import sys; sys.stdout.write('first' + 'x' * {size} + 'last')"
    finished = LocalHost().run(python(code))
    assert finished.stdout.startswith("first")
    assert finished.stdout.endswith("last")
    assert len(finished.stdout) < 2 * KEPT_BYTES + 100


def test_a_command_that_would_fill_the_disk_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Production shares that disk."""
    monkeypatch.setattr(local, "WRITTEN_LIMIT_BYTES", 1_000_000)
    finished = LocalHost().run(["yes"], timeout_s=PATIENCE_S)
    assert finished.timed_out
    assert finished.seconds < PATIENCE_S  # ended for what it wrote


def test_input_that_is_never_read_does_not_block() -> None:
    """`true` reads nothing; a pipe holds only 64 KiB."""
    assert LocalHost().run(["true"], stdin=b"x" * 1_000_000, timeout_s=300).succeeded


def test_free_space_is_known_for_paths_that_do_not_exist_yet(tmp_path: Path) -> None:
    """The gate asks before anything is made."""
    status = os.statvfs(tmp_path)
    free = LocalHost().free_bytes(tmp_path / "not" / "yet")
    assert free == pytest.approx(status.f_bavail * status.f_frsize, rel=0.1)
