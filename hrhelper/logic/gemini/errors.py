"""What can go wrong between here and Gemini. No message holds what was sent or answered."""

from logic.base.errors import OutsideError


class GeminiError(OutsideError):
    code = "gemini_error"


class GeminiRefusedError(GeminiError):
    """Gemini answered with an error. 401, 403 and 429 stay what they are, others are 502."""

    code = "gemini_refused"
    KEPT = (401, 403, 429)

    def __init__(self, answered: int, retry_after_s: int | None = None) -> None:
        super().__init__(f"Gemini answered {answered}.")
        self.answered, self.retry_after_s = answered, retry_after_s
        if answered in self.KEPT:
            self.answer_status = answered


class GeminiTimeoutError(GeminiError):
    code = "gemini_timeout"
    answer_status = 504


class GeminiUnreachableError(GeminiError):
    """There was no answer, or not all of it."""

    code = "gemini_unreachable"


class GeminiAnswerError(GeminiError):
    """An answer came and cannot be used: not of the form asked for, cut short or held back."""

    code = "gemini_unusable_answer"
