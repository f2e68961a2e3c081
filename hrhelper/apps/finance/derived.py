"""What this release derives from salary ranges in the background: other currencies."""

from apps.finance.models import SalaryRange
from logic.finance.amounts import fill_missing


def background_work() -> int:
    """One round of the worker: some ranges that have no amounts yet; how many there were."""
    return fill_missing()


def forget(salary_range: SalaryRange) -> None:
    """Amounts of a range that was changed by hand go; the worker derives them anew."""
    salary_range.amounts.all().delete()
