"""What can go wrong, said so that a person can act: id, fact, cure.

Exit codes live in the one table below. The modules beside this one hold the
errors of one area each, as functions that build a `ParomError`.
"""

from parom.errors.problem import ExitCode, ParomError

__all__ = ["ExitCode", "ParomError"]
