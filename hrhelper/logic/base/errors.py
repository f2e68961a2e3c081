"""Errors of the domain, without HTTP."""


class DomainError(Exception):
    """Something that was asked for cannot be done; `code` is stable, `message` for people."""

    code = "domain_error"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class OutsideError(DomainError):
    """A service of somebody else failed or did not answer: the request itself was fine.

    `answer_status` is what a caller over HTTP is told, and `retry_after_s` when to come again.
    """

    code = "outside_error"
    answer_status = 502
    retry_after_s: int | None = None


class MissingRateError(DomainError):
    """There is no rate for a currency: never a silent skip."""

    code = "missing_rate"
