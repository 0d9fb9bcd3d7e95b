"""The assertions."""

import datetime
import decimal
import operator
import re
import types

from . import cells, clock, verdicts
from .data import Column, Dataset, datasets
from .errors import FailedAssertion, UnknownColumn, hint, near
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

    def fail(self, message="The script says so"):
        self._state(False, "fail", message, "")

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
            if _compared(operator.gt, low, high):
                raise ValueError(f"assertBetween(value, low, high): {_plain(low)} is more than {_plain(high)}.")
            passed = _compared(operator.le, low, found) and _compared(operator.le, found, high)
        except TypeError:
            raise _unfit("assertBetween", value, low) from None
        self._state(passed, "assertBetween", message, expected, value, found)

    def assertAlmostEqual(self, first, second, places=7, message=None, delta=None):
        """Equal when rounded to so many decimal places, or when not further apart than `delta`."""
        if isinstance(places, str):
            places, message = 7, places
        if _same(first, second):
            near = True
        else:
            distance = abs(operator.sub(*_paired(first, second)))
            near = _compared(operator.le, distance, delta) if delta is not None else round(distance, places) == 0
        tolerance = f"within {delta}" if delta is not None else f"to {places} places"
        self._state(near, "assertAlmostEqual", message, f"{cells.describe(second)} {tolerance}", first, _told(first))

    def assertIn(self, member, container, message=None):
        expected = f"one of {cells.cut(cells.describe(container), 200)}"
        self._state(_contains("assertIn", container, member), "assertIn", message, expected, container, _told(member))

    def assertNotIn(self, member, container, message=None):
        expected = f"not one of {cells.cut(cells.describe(container), 200)}"
        self._state(not _contains("assertNotIn", container, member), "assertNotIn", message, expected, container, _told(member))

    def assertIsNone(self, value, message=None):
        self._state(value is None, "assertIsNone", message, "None", value, _told(value))

    def assertIsNotNone(self, value, message=None):
        self._state(value is not None, "assertIsNotNone", message, "not None", value, _told(value))

    # Of rows

    def assertUnique(self, rows, *columns, message=None):
        """No two rows have the same values in these columns, or in all if none is named. As in SQL, a row with NULL
        among them repeats no other."""
        rows, names, message = _rows_and_columns("assertUnique", rows, columns, message)
        places = {}
        for place, key in enumerate(zip(*[_values(rows, name) for name in names])):
            if None not in key:
                places.setdefault(key, []).append(place)
        repeated = [place for group in places.values() if len(group) > 1 for place in group]
        self._rows("assertUnique", message, f"no two rows with the same {', '.join(names)}", rows, repeated)

    def assertNoNulls(self, rows, *columns, message=None):
        """None of these columns is NULL in any row, or no column at all if none is named."""
        rows, names, message = _rows_and_columns("assertNoNulls", rows, columns, message)
        found = set()
        for name in names:
            values = _values(rows, name)
            if None in values:
                found.update(place for place, value in enumerate(values) if value is None)
        self._rows("assertNoNulls", message, f"no row with NULL in {', '.join(names)}", rows, sorted(found))

    def assertColumn(self, rows, column, holds, message=None):
        """Every value of the column that is not NULL fits: `holds` is a function of the value, or a regular expression
        that all of the value's text must match."""
        rows = _rows("assertColumn", rows)
        if isinstance(holds, (str, re.Pattern)):
            pattern = re.compile(holds)
            expected = f"{column} matching {pattern.pattern}"
            fits = lambda value: pattern.fullmatch(str(value)) is not None
        elif callable(holds):
            expected = f"{column} for which {getattr(holds, '__name__', 'the function').strip('<>')} is true"
            fits = lambda value: needs_value("assertColumn", holds(value))
        else:
            raise TypeError("assertColumn(dataset, column, holds): holds is a function or a regular expression.")
        wrong = [n for n, value in enumerate(_values(rows, column)) if value is not None and not fits(value)]
        self._rows("assertColumn", message, expected, rows, wrong)

    def assertColumns(self, dataset, names, message=None):
        """The dataset has exactly these columns, in any order."""
        if isinstance(names, str):
            raise TypeError(f"assertColumns(dataset, names): names is a list, as in [{names!r}].")
        dataset, names = _dataset("assertColumns", dataset), list(names)
        missing = [name for name in names if name not in dataset.columns]
        extra = [name for name in dataset.columns if name not in names]
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
        dataset = _dataset("assertFresh", dataset)
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

    def _rows(self, assertion, message, expected, rows, wrong):
        self._state(not wrong, assertion, message, expected, rows, len(wrong), lambda: sample_at(rows, wrong))

    def _compare(self, assertion, first, second, message, words, holds):
        sized = is_sized(first)
        found, bound = _measure(assertion, first, second), len(second) if is_sized(second) else second
        try:
            passed = _compared(holds, found, bound)
        except TypeError:
            raise _unfit(assertion, first, second) from None
        sample = (lambda: sample_of(first)) if sized and words in ("less than", "at most") else None
        self._state(passed, assertion, message, f"{words} {_plain(bound)}", first, found, sample)

    def _equal(self, assertion, first, second, message, wanted):
        """A dataset beside a number counts its rows: nothing else that could be meant would ever be true."""
        found = first
        if isinstance(first, (Dataset, Column)) and isinstance(second, int):
            found = len(first)
        expected = f"{'' if wanted else 'not '}equal to {_plain(second)}"
        self._state(_same(found, second) is wanted, assertion, message, expected, first, _told(found))


AHEAD = datetime.timedelta(minutes=5)


def _age(age):
    return f"{_span(-age)} in the future" if age < -AHEAD else f"{_span(age)} old"


def needs_value(what, value):
    """A coroutine, a generator or a function counts as true, whatever it would come to."""
    if isinstance(value, (types.FunctionType, types.MethodType)):
        raise TypeError(f"{what} needs a value, not a function: call it.")
    if isinstance(value, (types.CoroutineType, types.GeneratorType, types.AsyncGeneratorType)):
        raise TypeError(f"{what} needs a value, not a {type(value).__name__.replace('_', ' ')}: use list(), any() or all().")
    return value


def _contains(assertion, container, member):
    if isinstance(container, Dataset) and not isinstance(member, (tuple, list)):
        raise TypeError(
            f"{assertion}: {container!r} has rows, which {cells.describe(member)} is not one of. For the values of a column write "
            ".column('name')."
        )
    if member in container:
        return True
    if isinstance(member, (float, decimal.Decimal)) and is_sized(container):
        return any(_same(member, each) for each in container)
    return False


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


def _paired(first, second):
    """A float beside a decimal counts as the decimal that it is written as: 10.1 is Decimal('10.1')."""
    if isinstance(first, decimal.Decimal) and isinstance(second, float):
        return first, decimal.Decimal(repr(second))
    if isinstance(first, float) and isinstance(second, decimal.Decimal):
        return decimal.Decimal(repr(first)), second
    return first, second


def _compared(holds, first, second):
    try:
        return holds(*_paired(first, second))
    except decimal.InvalidOperation:  # NaN, which is neither less nor more
        return False


def _same(first, second):
    return bool(_compared(operator.eq, first, second))


def _measure(assertion, value, other=0):
    """The size of a collection, else the value itself."""
    if is_sized(value):
        return len(value)
    if value is None:
        raise _unfit(assertion, value, other)
    return value


def _unfit(assertion, first, second):
    return TypeError(f"{assertion} cannot compare {cells.describe(first)} with {cells.describe(second)}.")


def _dataset(assertion, source):
    if isinstance(source, str):
        return datasets[source]
    if isinstance(source, Dataset):
        return source
    raise TypeError(f"{assertion} takes a dataset or its name, not {cells.describe(source)}.")


def _rows(assertion, source):
    if isinstance(source, str):
        return datasets[source]
    if isinstance(source, Dataset):
        return source
    if not is_sized(source):
        raise TypeError(f"{assertion} takes a dataset, its name or a list of rows, not {cells.describe(source)}.")
    return list(source)


def _rows_and_columns(assertion, source, columns, message):
    """The last of the names is the message if it is no column, not even a mistyped one, and reads like a sentence."""
    rows, names = _rows(assertion, source), list(columns)
    known = _columns_of(rows)
    if names and message is None and names[-1] not in known and " " in str(names[-1]):
        if not near(names[-1], known, 0.8):
            message = names.pop()
    for name in names:
        if known and name not in known:
            raise UnknownColumn(f"{assertion}: there is no column {name!r}.{hint(name, known)}")
    return rows, names or list(known), message


def _columns_of(rows):
    if isinstance(rows, Dataset):
        return rows.columns
    first = rows[0] if rows else {}
    return list(first) if isinstance(first, dict) else list(getattr(first, "_names", ()))


def _values(rows, name):
    return rows.column(name) if isinstance(rows, Dataset) else [row[name] for row in rows]


def _span(age):
    """A timedelta in its largest fitting unit, in the words of JavaScript's `span`: `23.3 minutes`."""
    seconds = age.total_seconds()
    sizes = ((86400, "day", 2), (3600, "hour", 1), (60, "minute", 1))
    size, unit = next(((size, unit) for size, unit, least in sizes if abs(seconds) >= size * least), (1, "second"))
    tenths = int(abs(seconds) / size * 10 + 0.5)
    count = f"{tenths // 10}.{tenths % 10}" if tenths % 10 else f"{tenths // 10}"
    return f"{'-' if seconds < 0 and tenths else ''}{count} {unit}{'' if tenths == 10 else 's'}"
