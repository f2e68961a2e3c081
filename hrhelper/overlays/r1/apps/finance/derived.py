"""What this release derives from salary ranges in the background: nothing."""

from apps.finance.models import SalaryRange


def background_work() -> int:
    """One round of the worker: there is nothing to do."""
    return 0


def forget(salary_range: SalaryRange) -> None:
    """There is nothing to forget."""
