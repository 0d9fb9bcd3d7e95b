"""What a checker written in Python can use. Every name is there without an import; importing them is for editors:

from checker import CheckerCase, datasets
"""

from .case import CheckerCase
from .clock import PreviousRun, now, param, previous, today, zone
from .data import Column, Dataset, Row, count, dataset, datasets, finite, metric
from .errors import DatasetError, FailedAssertion, NotInSandbox, TooMuchData, UnknownColumn, UnknownDataset
from .values import needs_text as _needs_text
from .verdicts import state as _state


def ok(message="The script says so", *others):
    """States that something holds."""
    _state(True, "ok", _needs_text("ok", (message, *others)))


def fail(message="The script says so", *others):
    """States that something does not hold. The script goes on."""
    _state(False, "fail", _needs_text("fail", (message, *others)))


def log(*values):
    """Writes a line into the run's log, as `print` does."""
    print(*values)


def is_business_day(country=None, at=None):
    """Whether people work on that day; the library `business_calendar` says."""
    import business_calendar

    return business_calendar.is_business_day(country=country, at=at)


business_day = is_business_day
bussiness_day = is_business_day  # as an old manual spelt it

__all__ = [
    "CheckerCase", "Column", "Dataset", "DatasetError", "FailedAssertion", "NotInSandbox", "PreviousRun", "Row",
    "TooMuchData", "UnknownColumn", "UnknownDataset", "business_day", "bussiness_day", "count", "dataset", "datasets",
    "fail", "finite", "is_business_day", "log", "metric", "now", "ok", "param", "previous", "today", "zone",
]  # fmt: skip
