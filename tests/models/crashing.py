"""Work that is killed on its way: in a process of its own, by its own hand, at any effect."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeVar

from parom.errors import ParomError

_Result = TypeVar("_Result")
_EFFECTS = frozenset(
    {
        *("execute", "executemany", "write_row"),
        *("fsync", "replace", "rename", "unlink", "symlink", "link", "mkdir", "write", "ftruncate"),
        *("pwrite", "copy_file_range", "rmtree"),
    }
)
"""What a crash before or after may leave something behind, by the names of functions."""


def killed_at(
    effect: int, work: Callable[[], _Result], instead: Callable[[], None] | None = None
) -> _Result | None:
    """What the work returned; None where it was killed at its `effect`-th effect, or failed.

    `instead` is what happens there in place of the kill: the process goes on.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of others do not matter
        child = os.fork()
    if child == 0:
        _work(effect, work, writing, instead)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    if not told:
        assert os.WIFSIGNALED(status), "the process ended without a word"
        return None
    kind, found = pickle.loads(told)  # noqa: S301 - of our own process
    if kind == "bug":
        raise AssertionError(found)
    return found if kind == "done" else None


def _work(
    effect: int, work: Callable[[], object], writing: int, instead: Callable[[], None] | None
) -> None:
    """Never returns."""
    told: tuple[str, object] = ("bug", "")
    try:
        sys.setprofile(_Dying(effect, instead))
        try:
            told = ("done", work())
        finally:
            sys.setprofile(None)
    except ParomError as problem:
        told = ("failed", problem.id)
    except BaseException:  # noqa: BLE001 - nothing of this process must go on into the test
        told = ("bug", traceback.format_exc())
    with os.fdopen(writing, "wb") as answer:
        answer.write(pickle.dumps(told))
        answer.flush()
    os._exit(0)


class _Dying:
    def __init__(self, effect: int, instead: Callable[[], None] | None) -> None:
        self._left, self._instead = effect, instead

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            name = argument.__name__
        elif event == "call":
            name = frame.f_code.co_name
        else:
            return
        if name in _EFFECTS:
            self._left -= 1
            if self._left == 0:
                sys.setprofile(None)
                if self._instead is None:
                    os.kill(os.getpid(), signal.SIGKILL)
                else:
                    self._instead()
