"""The run's clock, which stands still, and days as people count them."""

import datetime
import zoneinfo

from . import host
from .errors import hint


def utc_now():
    return datetime.datetime.fromtimestamp(host.State.now, datetime.timezone.utc)


def zone():
    """The checker's time zone."""
    name = host.State.context.get("timeZone", "UTC")
    try:
        return zoneinfo.ZoneInfo(name)
    except (KeyError, ValueError):
        return datetime.timezone(datetime.timedelta(seconds=host.State.context.get("utcOffset", 0)), name)


def now():
    """The moment of the run, with the checker's time zone."""
    return utc_now().astimezone(zone())


def today():
    """The date of the run in the checker's time zone."""
    return now().date()


def moment(value):
    """A moment with a zone out of whatever a column has for one."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value)
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo else value.replace(tzinfo=datetime.timezone.utc)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day, tzinfo=datetime.timezone.utc)
    if isinstance(value, (int, float)):
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc)
    raise TypeError(f"{value!r} is not a moment in time.")


class PreviousRun:
    """A run of this checker before this one."""

    def __init__(self, told):
        self.started_at = datetime.datetime.fromtimestamp(told["startedAt"], datetime.timezone.utc)
        self.outcome = told["outcome"]
        self.observed = told["observed"]

    def __repr__(self):
        return f"<run at {self.started_at.isoformat()}: {self.outcome}>"


_previous = []


def previous(n=None):
    """The n-th run before this one (1 is the last), or None; without a number all that are known, newest first."""
    if not _previous:
        _previous.extend(PreviousRun(told) for told in host.history())
    if n is None:
        return list(_previous)
    if not isinstance(n, int) or n < 1:
        raise ValueError("previous(n): n counts back from 1, the last run.")
    return _previous[n - 1] if n <= len(_previous) else None


_required = object()


def param(name, default=_required):
    """A parameter of the checker. Parameters are text; beside a number or a boolean as default they are read as one."""
    given = host.State.context.get("parameters", {})
    if name not in given:
        if default is _required:
            raise LookupError(f"The checker has no parameter {name!r}.{hint(name, given)}")
        return default
    text = given[name]
    kind = type(default)
    try:
        if kind is bool:
            return _TRUTHS[text.strip().lower()]
        if kind in (int, float):
            return _number(text)
        return kind(text) if default not in (_required, None) and kind is not str else text
    except (KeyError, ValueError, ArithmeticError):
        raise ValueError(f"The parameter {name!r} should be like {default!r}, but is {text!r}.") from None


_TRUTHS = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def _number(text):
    """Whole where it is written so: a default of 42 does not say that 0.5 is none."""
    try:
        return int(text)
    except ValueError:
        number = float(text)
    if number - number != 0:
        raise ValueError
    return number
