"""What is said of a command that was not understood, that the system refused, or that is a bug."""

from __future__ import annotations

import errno

from parom.errors.problem import ExitCode, ParomError

OF_THE_WORLD = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ELOOP,
     errno.ENAMETOOLONG, errno.EMFILE, errno.ENOMEM)
)  # fmt: skip
"""Errors of the operating system that say something about the machine, not about Parom."""


def wrong_usage(message: str, command: str) -> ParomError:
    return ParomError(
        "usage",
        message.rstrip(".") + ".",
        f"`{command} --help` says what it takes. Nothing was changed.",
        exit_code=ExitCode.USAGE,
    )


def refused_by_the_system(problem: OSError) -> ParomError:
    where = f"{str(problem.filename)[:200]}: " if problem.filename else ""
    return ParomError(
        "host.refused",
        f"The operating system refused: {where}{problem.strerror}.",
        "Correct the path, its permissions or the disk. `parom status` shows whether a run waits.",
    )


def bug(problem: Exception) -> ParomError:
    return ParomError(
        "parom.bug",
        f"Parom itself failed: {type(problem).__name__}: {problem}"[:500],
        "Please report it, with the traceback. `parom status` shows whether a run waits.",
        exit_code=ExitCode.BUG,
    )
