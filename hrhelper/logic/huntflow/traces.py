"""What may be logged of an unexpected error where candidates' data are at work."""

import traceback


def trace_of(problem: BaseException) -> str:
    """Type and frames without the message: a database names there the row that it refused."""
    frames = "".join(traceback.format_tb(problem.__traceback__))
    return f"{type(problem).__name__}\n{frames}"
