"""What can go wrong between here and Gemini. No message holds what was sent or answered."""

from logic.base.errors import OutsideError


class GeminiError(OutsideError):
    """`status` is what a caller over HTTP is to be told."""

    code = "gemini_error"
    status = 502


class GeminiRefusedError(GeminiError):
    """Gemini answered with an error. 401, 403 and 429 stay what they are, others are 502.

    `retry_after_s` is what Gemini asks for, where it does.
    """

    code = "gemini_refused"
    KEPT = (401, 403, 429)

    def __init__(self, answered: int, retry_after_s: int | None = None) -> None:
        super().__init__(f"Gemini answered {answered}.")
        self.answered, self.retry_after_s = answered, retry_after_s
        self.status = answered if answered in self.KEPT else GeminiError.status


class GeminiTimeoutError(GeminiError):
    code = "gemini_timeout"
    status = 504


class GeminiUnreachableError(GeminiError):
    """There was no answer, or not all of it."""

    code = "gemini_unreachable"


class GeminiAnswerError(GeminiError):
    """An answer came and cannot be used: not of the form asked for, cut short or held back."""

    code = "gemini_unusable_answer"
