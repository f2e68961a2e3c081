"""What is said of a command that was not understood, that the system refused, or that is a bug."""

from __future__ import annotations

import errno

from parom.errors.problem import ExitCode, ParomError
from parom.words.said import said

_LONGEST = 479
OF_THE_WORLD = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ELOOP,
     errno.ENAMETOOLONG, errno.EMFILE, errno.ENOMEM)
)  # fmt: skip
"""Errors of the operating system that say something about the machine, not about Parom."""


def wrong_usage(message: str, command: str) -> ParomError:
    return ParomError(
        "usage",
        said("{message}.", message=message),
        said("`{command} --help` says what it takes. Nothing was changed.", command=command),
        exit_code=ExitCode.USAGE,
    )


def refused_by_the_system(problem: OSError) -> ParomError:
    where = f"{str(problem.filename)[:200]}: " if problem.filename else ""
    return ParomError(
        "host.refused",
        said(
            "The operating system refused: {where}{strerror}.",
            where=where,
            strerror=problem.strerror,
        ),
        said(
            "Correct the path, its permissions or the disk. `parom status` shows whether "
            "a run waits."
        ),
    )


def bug(problem: Exception) -> ParomError:
    return ParomError(
        "parom.bug",
        said("Parom itself failed: {what}", what=f"{type(problem).__name__}: {problem}"[:_LONGEST]),
        said("Please report it, with the traceback. `parom status` shows whether a run waits."),
        exit_code=ExitCode.BUG,
    )
