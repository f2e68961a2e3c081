"""Runs a call in a child process that is killed at its n-th change to the disk."""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

import pytest

CHANGES = ("replace", "rename", "symlink", "link", "unlink", "rmdir", "mkdir", "chmod", "fsync")


def killed_at(change: int, call: Callable[[], object]) -> bool:
    """Whether the call was killed; False where it made fewer changes than that."""
    child = os.fork()
    if child == 0:
        # Never back into pytest, whatever happens.
        try:
            _count_down(change)
            call()
            os._exit(0)
        except BaseException:  # noqa: BLE001
            traceback.print_exc()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    if os.waitstatus_to_exitcode(status) != 0:
        pytest.fail("the call raised; see the child's traceback")
    return False


def _count_down(change: int) -> None:
    seen = 0

    def around(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == change:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return counted

    for name in CHANGES:
        setattr(os, name, around(getattr(os, name)))
