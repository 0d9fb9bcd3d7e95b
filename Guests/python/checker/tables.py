"""What assertions about rows are about: a dataset, a list of rows, or values on their own."""

from collections.abc import Mapping, Set

from . import cells
from .data import Column, Dataset, Row, datasets
from .errors import UnknownColumn, hint, met_with, near
from .verdicts import is_sized


def dataset(assertion, source):
    if isinstance(source, str):
        return datasets[source]
    if isinstance(source, Dataset):
        return source
    raise TypeError(f"{assertion} takes a dataset or its name, not {cells.describe(source)}.")


def rows_of(assertion, source):
    if isinstance(source, str):
        return datasets[source]
    if isinstance(source, (Dataset, Column)):
        return source
    if not is_sized(source) or isinstance(source, Mapping):
        raise TypeError(f"{assertion} takes a dataset, its name or a list of rows, not {cells.describe(source)}.")
    if isinstance(source, Set) and assertion == "assertUnique":
        raise TypeError(f"{assertion} takes a dataset or a list; a set holds nothing twice, whatever it was made of.")
    return list(source)


def rows_and_columns(assertion, source, columns, message):
    """The last of the names is the message if it is no column, not even a mistyped one, and reads like a sentence. No
    names: the values are looked at as they are."""
    rows, names = rows_of(assertion, source), list(columns)
    known = columns_of(assertion, rows)
    if names and message is None and names[-1] not in known and " " in str(names[-1]):
        if not near(names[-1], known, 0.8):
            message = names.pop()
    for name in names:
        need_column(assertion, rows, name, known)
    return rows, names or list(known), message


def need_column(assertion, rows, name, known=None):
    known = columns_of(assertion, rows) if known is None else known
    if not known:
        if len(rows) and not (type(name) is int and isinstance(rows[0], (tuple, list))):
            message = f"{assertion}: these are values, which have no column {name!r}. Leave the name out."
            raise met_with(UnknownColumn(message))
    elif name not in known:
        raise met_with(UnknownColumn(f"{assertion}: there is no column {name!r}.{hint(name, known)}"))
    elif not isinstance(rows, Dataset):
        for place, row in enumerate(rows):
            if isinstance(row, Mapping) and name not in row:
                raise met_with(UnknownColumn(f"{assertion}: the row {place} has no column {name!r}."))


def columns_of(assertion, rows):
    """The names of the columns; none for values on their own."""
    if isinstance(rows, Dataset):
        return rows.columns
    if isinstance(rows, Column):
        return []
    named = sum(isinstance(row, (Mapping, Row)) for row in rows)
    if 0 < named < len(rows):
        raise TypeError(f"{assertion} takes a list of rows or a list of values: this one has both.")
    return list(dict.fromkeys(name for row in rows for name in (row._names if isinstance(row, Row) else row))) if named else []


class Missing:
    """What a row has not, where others of the list have a value. It equals itself, and is not NULL."""


MISSING = Missing()


def values(rows, name):
    if isinstance(rows, Dataset):
        return rows.column(name)
    return [row.get(name, MISSING) if isinstance(row, Mapping) else row[name] for row in rows]


def keys(rows, names):
    """For each row what must not be there twice; with None in it, it repeats nothing."""
    if names:
        return zip(*[values(rows, name) for name in names])
    return (tuple(value) if isinstance(value, (tuple, list)) else (value,) for value in rows)


def frozen(value):
    """The same for values that are equal, and hashable: JSON is not."""
    if isinstance(value, Mapping):
        return ("{", frozenset((key, frozen(each)) for key, each in value.items()))
    if isinstance(value, list):
        return ("[", *map(frozen, value))
    return tuple(map(frozen, value)) if isinstance(value, tuple) else value


def repeated(keys):
    """The places of the keys that are there twice."""
    places = {}
    for place, key in enumerate(keys):
        if None not in key:
            try:
                places.setdefault(key, []).append(place)
            except TypeError:
                places.setdefault(frozen(key), []).append(place)
    return [place for group in places.values() if len(group) > 1 for place in group]


def with_null(rows, names):
    """The places of the rows that have NULL in one of these columns; of values, those that are or have NULL."""
    if not names:
        return [n for n, value in enumerate(rows) if value is None or isinstance(value, (tuple, list)) and None in value]
    found = set()
    for name in names:
        column = values(rows, name)
        if None in column:
            found.update(place for place, value in enumerate(column) if value is None)
    return sorted(found)
