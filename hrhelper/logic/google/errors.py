"""What can go wrong between here and Google. No message holds what was sent or answered."""

from logic.base.errors import DomainError, OutsideError


class GoogleError(OutsideError):
    code = "google_error"


class GoogleRefusedError(GoogleError):
    """Google answered with an error. 403, 404 and 429 stay what they are, others are 502."""

    code = "google_refused"
    KEPT = (403, 404, 429)

    def __init__(self, answered: int, retry_after_s: int | None = None) -> None:
        super().__init__(f"Google answered {answered}.")
        self.answered, self.retry_after_s = answered, retry_after_s
        if answered in self.KEPT:
            self.answer_status = answered


class GoogleTimeoutError(GoogleError):
    code = "google_timeout"
    answer_status = 504


class GoogleUnreachableError(GoogleError):
    """There was no answer, not all of it, or none of the form that Google promises."""

    code = "google_unreachable"


class ConsentNeededError(DomainError):
    """The person has not agreed yet, or has taken it back: only the person can help."""

    code = "google_consent_needed"


class ConsentRefusedError(DomainError):
    """The way to Google and back did not end with an agreement to all that was asked for."""

    code = "google_consent_refused"


class EventDiffersError(DomainError):
    """Under this key there is another event, or one that was deleted."""

    code = "google_event_differs"
