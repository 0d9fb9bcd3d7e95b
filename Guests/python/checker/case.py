"""The assertions."""

import datetime
import decimal
import operator
import re
from collections import Counter

from . import cells, clock, tables, verdicts
from .data import Column, Dataset, datasets
from .errors import FailedAssertion
from .values import compared, contains, is_number, needs_comparable, needs_finite, needs_text, needs_value, paired, same
from .verdicts import is_sized, sample_at, sample_of


class CheckerCase:
    """States what must hold. Each assertion becomes a verdict of the run, and a failing one does not stop the script
    unless the case was made with `stop_on_failure=True`; with `level="warn"` it is a warning. Each takes a message for people as its last argument.

    Methods of a class below this one whose names begin with `test` are called after the script, each on an object of
    its own, `setUp` before and `tearDown` after it."""

    failureException = FailedAssertion
    datasets = datasets

    def __init__(self, stop_on_failure=False, level="fail"):
        if level not in ("fail", "warn"):
            raise ValueError(f"level is 'fail' or 'warn', not {level!r}")
        self.stop_on_failure = stop_on_failure
        self.level = level

    def setUp(self):
        pass

    def tearDown(self):
        pass

    def fail(self, message="The script says so", *others):
        self._state(False, "fail", needs_text("fail", (message, *others)), "")

    # The six of old

    def assertEmpty(self, collection, message=None):
        size = _size("assertEmpty", collection)
        self._state(size == 0, "assertEmpty", message, "empty", collection, size, lambda: sample_of(collection))

    def assertEqual(self, first, second, message=None):
        self._equal("assertEqual", first, second, message, True)

    def assertLessThan(self, first, second, message=None):
        self._compare("assertLessThan", first, second, message, "less than", lambda a, b: a < b)

    def assertGreaterThan(self, first, second, message=None):
        self._compare("assertGreaterThan", first, second, message, "greater than", lambda a, b: a > b)

    def assertTrue(self, expression, message=None):
        needs_value("assertTrue", expression)
        self._state(bool(expression), "assertTrue", message, "true", expression, _told(expression))

    def assertFalse(self, expression, message=None):
        needs_value("assertFalse", expression)
        sample = (lambda: sample_of(expression)) if is_sized(expression) else None
        self._state(not expression, "assertFalse", message, "false", expression, _told(expression), sample)

    # Of sizes and values

    def assertNotEmpty(self, collection, message=None):
        size = _size("assertNotEmpty", collection)
        self._state(size > 0, "assertNotEmpty", message, "not empty", collection, size)

    def assertNotEqual(self, first, second, message=None):
        self._equal("assertNotEqual", first, second, message, False)

    def assertLessThanOrEqual(self, first, second, message=None):
        self._compare("assertLessThanOrEqual", first, second, message, "at most", lambda a, b: a <= b)

    def assertGreaterThanOrEqual(self, first, second, message=None):
        self._compare("assertGreaterThanOrEqual", first, second, message, "at least", lambda a, b: a >= b)

    assertLessEqual = assertLessThanOrEqual
    assertGreaterEqual = assertGreaterThanOrEqual
    assertLess = assertLessThan
    assertGreater = assertGreaterThan

    def assertBetween(self, value, low, high, message=None):
        """Both bounds belong to the range."""
        found = _measure("assertBetween", value)
        expected = f"between {_plain(low)} and {_plain(high)}"
        try:
            if compared(operator.gt, low, high):
                raise ValueError(f"assertBetween(value, low, high): {_plain(low)} is more than {_plain(high)}.")
            passed = compared(operator.le, low, found) and compared(operator.le, found, high)
        except TypeError:
            raise _unfit("assertBetween", value, low) from None
        if passed:
            needs_finite("assertBetween", found)
        self._state(passed, "assertBetween", message, expected, value, found)

    def assertAlmostEqual(self, first, second, places=7, message=None, delta=None):
        """Equal when rounded to so many decimal places, or when not further apart than `delta`."""
        if isinstance(places, str):
            places, message = 7, places
        if same(first, second):
            near = True
        else:
            distance = abs(operator.sub(*paired(first, second)))
            near = compared(operator.le, distance, delta) if delta is not None else round(distance, places) == 0
        tolerance = f"within {delta}" if delta is not None else f"to {places} places"
        self._state(near, "assertAlmostEqual", message, f"{cells.describe(second)} {tolerance}", first, _told(first))

    def assertIn(self, member, container, message=None):
        expected = f"one of {cells.cut(cells.describe(container), 200)}"
        self._state(contains("assertIn", container, member), "assertIn", message, expected, container, _told(member))

    def assertNotIn(self, member, container, message=None):
        expected = f"not one of {cells.cut(cells.describe(container), 200)}"
        self._state(not contains("assertNotIn", container, member), "assertNotIn", message, expected, container, _told(member))

    def assertIsNone(self, value, message=None):
        self._state(value is None, "assertIsNone", message, "None", value, _told(value))

    def assertIsNotNone(self, value, message=None):
        self._state(value is not None, "assertIsNotNone", message, "not None", value, _told(value))

    # Of rows

    def assertUnique(self, rows, *columns, message=None):
        """No two rows have the same values in these columns, or in all if none is named. As in SQL, a row with NULL
        among them repeats no other."""
        rows, names, message = tables.rows_and_columns("assertUnique", rows, columns, message)
        expected = f"no two rows with the same {_listed(names)}" if names else f"no value{_of(rows)} twice"
        self._rows("assertUnique", message, expected, rows, tables.repeated(tables.keys(rows, names)))

    def assertNoNulls(self, rows, *columns, message=None):
        """None of these columns is NULL in any row, or no column at all if none is named."""
        rows, names, message = tables.rows_and_columns("assertNoNulls", rows, columns, message)
        expected = f"no row with NULL in {_listed(names)}" if names else f"no NULL{_of(rows)}"
        self._rows("assertNoNulls", message, expected, rows, tables.with_null(rows, names))

    def assertColumn(self, rows, column, holds, message=None):
        """Every value of the column that is not NULL fits: `holds` is a function of the value, or a regular expression
        that all of the value's text must match."""
        rows = tables.rows_of("assertColumn", rows)
        tables.need_column("assertColumn", rows, column)
        if isinstance(holds, (str, re.Pattern)):
            pattern = re.compile(holds)
            expected = f"{column} matching {pattern.pattern}"
            fits = lambda value: pattern.fullmatch(str(value)) is not None
        elif callable(holds):
            expected = f"{column} for which {getattr(holds, '__name__', 'the function').strip('<>')} is true"
            fits = lambda value: needs_value("assertColumn", holds(value))
        else:
            raise TypeError("assertColumn(dataset, column, holds): holds is a function or a regular expression.")
        wrong = [n for n, value in enumerate(tables.values(rows, column)) if value is not None and not fits(value)]
        self._rows("assertColumn", message, expected, rows, wrong)

    def assertColumns(self, dataset, names, message=None):
        """The dataset has exactly these columns, in any order."""
        if isinstance(names, str):
            raise TypeError(f"assertColumns(dataset, names): names is a list, as in [{names!r}].")
        dataset, names = tables.dataset("assertColumns", dataset), list(names)
        missing = list((Counter(names) - Counter(dataset.columns)).elements())
        extra = list((Counter(dataset.columns) - Counter(names)).elements())
        found = [f"missing: {', '.join(missing)}"] * bool(missing) + [f"not expected: {', '.join(extra)}"] * bool(extra)
        observed = "; ".join(found) or ", ".join(dataset.columns)
        self._state(not found, "assertColumns", message, f"the columns {', '.join(names)}", dataset, observed)

    def assertFresh(self, dataset, column, max_age=None, message=None, *, days=0, hours=0, minutes=0):
        """The newest moment in the column is no older than `max_age`, a timedelta, or so many days, hours, minutes.
        A timestamp without a zone counts as UTC; NULLs do not count; without any moment it fails."""
        if isinstance(max_age, str):
            max_age, message = None, max_age
        if max_age is None:
            max_age = datetime.timedelta(days=days, hours=hours, minutes=minutes)
        if not isinstance(max_age, datetime.timedelta) or max_age <= datetime.timedelta(0):
            raise TypeError("assertFresh needs an age: assertFresh('orders', 'created_at', hours=24).")
        dataset = tables.dataset("assertFresh", dataset)
        moments = [clock.moment(value) for value in dataset.column(column) if value is not None]
        age = clock.utc_now() - max(moments) if moments else None
        observed = _age(age) if moments else "no moment at all"
        # Clocks differ; what lies further ahead is no time at which something was written.
        fresh = age is not None and -AHEAD <= age <= max_age
        self._state(fresh, "assertFresh", message, f"{column} at most {_span(max_age)} old", dataset, observed)

    # How they are stated

    def _state(self, passed, assertion, message, expected, subject=None, observed=None, sample=None):
        passed = bool(passed)
        message = _message(message, subject, assertion, expected)
        shown = sample() if sample and not passed else None
        verdicts.state(
            passed, assertion, message, subject=subject, observed=observed, expected=expected, sample=shown,
            warns=getattr(self, "level", "fail") == "warn",
        )
        if not passed and self.stop_on_failure:
            error = FailedAssertion(message)
            error.is_reported = True
            raise error

    def _rows(self, assertion, message, expected, source, wrong):
        self._state(not wrong, assertion, message, expected, source, len(wrong), lambda: sample_at(source, wrong))

    def _compare(self, assertion, first, second, message, words, holds):
        sized = is_sized(first)
        found, bound = _measure(assertion, first, second), len(second) if is_sized(second) else second
        try:
            passed = compared(holds, found, bound)
        except TypeError:
            raise _unfit(assertion, first, second) from None
        if passed:
            needs_finite(assertion, found)
            needs_finite(assertion, bound)
        sample = (lambda: sample_of(first)) if sized and words in ("less than", "at most") else None
        self._state(passed, assertion, message, f"{words} {_plain(bound)}", first, found, sample)

    def _equal(self, assertion, first, second, message, wanted):
        """A dataset beside a number counts its rows: nothing else that could be meant would ever be true."""
        found, other = (each if isinstance(each, type) else needs_value(assertion, each) for each in (first, second))
        if isinstance(first, (Dataset, Column)) and is_number(second):
            found = len(first)
        elif isinstance(second, (Dataset, Column)) and is_number(first):
            other = len(second)
        equal = same(found, other)
        if not equal and not wanted:
            needs_comparable(assertion, found, other)
        expected = f"{'' if wanted else 'not '}equal to {_plain(other)}"
        self._state(equal is wanted, assertion, message, expected, first, _told(found))


AHEAD = datetime.timedelta(minutes=5)


def _listed(names):
    return ", ".join(map(str, names))


def _of(source):
    return f" of {source.name}" if isinstance(source, Column) else ""


def _age(age):
    return f"{_span(-age)} in the future" if age < -AHEAD else f"{_span(age)} old"


def _plain(value):
    return cells.cut(str(value) if isinstance(value, (int, float)) else cells.describe(value), 200)


def _told(value):
    """What was found, as one value: of a collection its size."""
    if value is None:
        return "None"
    if isinstance(value, (Dataset, Column)):
        return len(value)
    return cells.cut(cells.describe(value), 200) if is_sized(value) else value


def _message(message, subject, assertion, expected):
    if message is not None:
        return message if isinstance(message, str) else cells.describe(message)
    name = verdicts.dataset_of(subject)
    return f"{name or assertion}: {expected}" if expected else assertion


def _size(assertion, collection):
    if isinstance(collection, (str, bytes)):
        raise TypeError(
            f"{assertion} takes a dataset or another collection, not the text {cells.describe(collection)}: write "
            "datasets['name'], or compare texts by assertEqual."
        )
    if not hasattr(collection, "__len__"):
        raise TypeError(f"{assertion} takes a dataset or another collection, not {cells.describe(collection)}.")
    return len(collection)


def _measure(assertion, value, other=0):
    """The size of a collection, else the value itself."""
    if is_sized(value):
        return len(value)
    if value is None:
        raise _unfit(assertion, value, other)
    return value


def _unfit(assertion, first, second):
    return TypeError(f"{assertion} cannot compare {cells.describe(first)} with {cells.describe(second)}.")


def _span(age):
    """A timedelta in its largest fitting unit, in the words of JavaScript's `span`: `23.3 minutes`."""
    seconds = age.total_seconds()
    sizes = ((86400, "day", 2), (3600, "hour", 1), (60, "minute", 1))
    size, unit = next(((size, unit) for size, unit, least in sizes if abs(seconds) >= size * least), (1, "second"))
    tenths = int(abs(seconds) / size * 10 + 0.5)
    count = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"
    return f"{'-' if seconds < 0 and tenths else ''}{count} {unit}{'' if tenths == 10 else 's'}"
