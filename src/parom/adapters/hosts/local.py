"""This machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from parom.environment import clean_environment
from parom.facts import Finished

_LARGEST_OUTPUT = 1 << 20


class LocalHost:
    """Runs commands as child processes of this one, each in a process group of its own."""

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout_s: float = 600,
        stdin: bytes = b"",
    ) -> Finished:
        began = time.monotonic()
        try:
            process = subprocess.Popen(
                list(argv),
                cwd=cwd,
                env=clean_environment(env),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as problem:
            return Finished(tuple(argv), 127, "", str(problem), time.monotonic() - began)
        timed_out = False
        try:
            out, err = process.communicate(stdin, timeout=timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        return Finished(
            tuple(argv),
            process.returncode,
            _bounded(out),
            _bounded(err),
            time.monotonic() - began,
            timed_out,
        )

    def free_bytes(self, path: Path) -> int:
        there = path
        while not there.exists():
            there = there.parent
        return shutil.disk_usage(there).free


def _bounded(output: bytes) -> str:
    if len(output) > _LARGEST_OUTPUT:
        half = _LARGEST_OUTPUT // 2
        output = output[:half] + b"\n[...]\n" + output[-half:]
    return output.decode("utf-8", "replace")
