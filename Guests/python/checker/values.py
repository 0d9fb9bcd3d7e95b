"""What values the assertions take, and which of them can be compared with one another."""

import datetime
import decimal
import functools
import numbers
import operator
import types
import uuid
from collections.abc import Iterator, Mapping, Set

from . import cells
from .data import Dataset

FUNCTIONS = (
    types.FunctionType, types.MethodType, types.BuiltinFunctionType, types.MethodDescriptorType, types.WrapperDescriptorType,
    types.MethodWrapperType, types.ClassMethodDescriptorType, functools.partial, type,
)  # fmt: skip
LAZY = (types.CoroutineType, types.AsyncGeneratorType, Iterator)


def needs_value(what, value):
    """A coroutine, a generator or a function counts as true, whatever it would come to."""
    if isinstance(value, FUNCTIONS):
        raise TypeError(f"{what} needs a value, not {'a class' if isinstance(value, type) else 'a function'}: call it.")
    if isinstance(value, LAZY):
        raise TypeError(f"{what} needs a value, not a {type(value).__name__.replace('_', ' ')}: use list(), any() or all().")
    return value


def needs_text(what, values):
    """`ok(x > 3)` would hold whatever x is."""
    if len(values) != 1 or not isinstance(values[0], str):
        found = ", ".join(cells.cut(cells.describe(value), 200) for value in values)
        raise TypeError(
            f"{what} takes one text, which it states as it is, not ({found}). Whether something holds is stated by "
            "CheckerCase().assertTrue(x, 'message')."
        )
    return values[0]


# Equality and order


def paired(first, second):
    """A float beside a decimal counts as the decimal that it is written as: 10.1 is Decimal('10.1')."""
    if isinstance(first, decimal.Decimal) and isinstance(second, float):
        return first, decimal.Decimal(repr(second))
    if isinstance(first, float) and isinstance(second, decimal.Decimal):
        return decimal.Decimal(repr(first)), second
    return first, second


def compared(holds, first, second):
    try:
        return holds(*paired(first, second))
    except decimal.InvalidOperation:  # NaN, which is neither less nor more
        return False


def same(first, second):
    return bool(compared(operator.eq, first, second))


def is_number(value):
    return isinstance(value, (int, float, decimal.Decimal))


def needs_finite(assertion, value):
    """What is less than infinity, or more than minus infinity, would hold whatever the data are."""
    if isinstance(value, (float, decimal.Decimal)) and value in (float("inf"), float("-inf")):
        raise TypeError(f"{assertion} would hold whatever the data are: {value} is more, or less, than every number.")


# Kinds

_TEXT = "a text"
_KINDS = (
    (numbers.Number, "a number"), (str, _TEXT), ((bytes, bytearray), "bytes"), (datetime.date, "a date"),
    (datetime.time, "a time"), (datetime.timedelta, "a timedelta"), (uuid.UUID, "a uuid"), (list, "a list"),
    (tuple, "a tuple"), (Mapping, "a dict"), (Set, "a set"),
)  # fmt: skip


def kind(value):
    """In words; None where it is not known what it may equal."""
    if isinstance(value, datetime.datetime):
        return "a timestamp without a zone" if value.tzinfo is None else "a timestamp with a zone"
    if isinstance(value, str) and value.endswith(("infinity", " BC")):
        return None  # a date that Python has no type for
    return next((words for classes, words in _KINDS if isinstance(value, classes)), None)


def needs_comparable(assertion, first, second):
    """Values of these kinds are never equal, so that the assertion would say nothing about the data."""
    kinds = kind(first), kind(second)
    if None in kinds or kinds[0] == kinds[1]:
        return
    raise TypeError(
        f"{assertion} would hold whatever the data are: {_shown(first)} is {kinds[0]}, {_shown(second)} is {kinds[1]}, and "
        "these are never equal. Turn one into the other."
    )


def needs_comparable_member(assertion, member, container):
    """The same for what a container holds: one value of the member's kind is enough."""
    found, wanted = None, kind(member)
    if wanted is None:
        return
    for each in container:
        found_kind = kind(each)
        if found_kind == wanted or found_kind is None and not isinstance(each, (str, type(None))):
            return
        if found is None and found_kind is not None:
            found = each
    if found is not None:
        needs_comparable(assertion, member, found)


def _shown(value):
    return cells.cut(cells.describe(value), 100)


def contains(assertion, container, member):
    if isinstance(container, Iterator):
        container = list(container)
    if isinstance(container, Dataset):
        if not isinstance(member, (tuple, list)):
            raise TypeError(
                f"{assertion}: {container!r} has rows, which {cells.describe(member)} is not one of. For the values of a "
                "column write .column('name')."
            )
        member = tuple(member)
    if member in container:
        return True
    if isinstance(member, (float, decimal.Decimal)) and not isinstance(container, str):
        if any(same(member, each) for each in container if is_number(each)):
            return True
    if assertion == "assertNotIn":
        needs_comparable_member(assertion, member, container)
    return False
