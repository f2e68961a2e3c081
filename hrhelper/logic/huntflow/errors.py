"""What can go wrong with Huntflow; a TransientError is one where later may help."""

import math

from logic.base.errors import DomainError, OutsideError


class HuntflowRefusedError(DomainError):
    """Huntflow would not do what was asked for; `status` is the one of its answer."""

    code = "huntflow_refused"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class HuntflowAuthorizationError(OutsideError):
    """The tokens are not accepted any more: somebody has to connect Huntflow anew."""

    code = "huntflow_authorization"


class UnexpectedAnswerError(OutsideError):
    """An answer that is not what Huntflow's own description promises."""

    code = "huntflow_unexpected"


class TransientError(OutsideError):
    """Later it may work."""

    code = "huntflow_unavailable"


class HuntflowUnreachableError(TransientError):
    """No answer in time, one cut off, or one of an error of Huntflow's own."""

    code = "huntflow_unreachable"


class HuntflowBusyError(TransientError):
    """Too many requests: Huntflow wants a longer pause than one waits for here."""

    code = "huntflow_busy"
    answer_status = 503

    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = math.ceil(wait_s)
