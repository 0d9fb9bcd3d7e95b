"""Datasets as scripts see them: lists of rows, fetched when they are first looked at."""

import decimal
import keyword
import numbers
import opcode
import sys
from _collections import _tuplegetter
from collections.abc import Sequence

from . import cells, columns, host
from .errors import TooMuchData, UnknownAttribute, UnknownColumn, hint, met_with, raise_for

_LOAD_ATTR = opcode.opmap["LOAD_ATTR"]
_otherwise = object()


class Row(tuple):
    """A tuple whose values also have names: `row[0]`, `row['email']`, `row.email`. Each dataset has a class of its own
    below this one."""

    __slots__ = ()
    _names = ()
    _places = {}

    def __getitem__(self, key, _get=tuple.__getitem__):
        if key.__class__ is str:
            place = self._places.get(key)
            if place is None:
                raise met_with(UnknownColumn(f"The row has no column {key!r}.{hint(key, self._names)}"))
            return _get(self, place)
        return _get(self, key)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(f"The row has no {name!r}.", name=name, obj=None)
        error = UnknownAttribute(f"The row has no column {name!r}.{hint(name, self._names)}")
        error.name, error.obj = name, None  # else Python adds a hint of its own
        # `hasattr` and `getattr` with a default only ask; `row.name` is meant.
        frame = sys._getframe(1)
        raise met_with(error) if frame.f_code.co_code[frame.f_lasti] == _LOAD_ATTR else error

    def __repr__(self):
        return f"Row({', '.join(f'{name}={value!r}' for name, value in zip(self._names, self))})"

    def as_dict(self):
        return dict(zip(self._names, self))

    def get(self, name, default=_otherwise):
        """`row['name']`; another value for a column that there may not be, where one is given."""
        return self[name] if default is _otherwise or name in self._places else default


def row_class(names):
    places = {}
    for place, name in enumerate(names):
        places.setdefault(name, place)
    members = {"__slots__": (), "_names": tuple(names), "_places": places, "__match_args__": tuple(names)}
    for name, place in places.items():
        if name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_"):
            members[name] = _tuplegetter(place, name)
    return type("Row", (Row,), members)


class Counted(Sequence):
    """A number beside it is a mistake: nothing would ever be equal, whatever the data are."""

    def _refuse(self, other):
        if isinstance(other, numbers.Number):
            raise TypeError(f"{self!r} is a list and no number: for how many there are write len(...).")
        return NotImplemented

    __lt__ = __le__ = __gt__ = __ge__ = _refuse


class Column(Counted):
    """The values of one column."""

    __slots__ = ("dataset", "name", "type", "_values")
    __hash__ = None

    def __init__(self, dataset, name, type_name, values):
        self.dataset = dataset
        self.name = name
        self.type = type_name
        self._values = values

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)

    def __getitem__(self, key):
        found = self._values[key]
        return list(found) if isinstance(key, slice) else found

    def __contains__(self, value):
        return value in self._values

    def __eq__(self, other):
        if isinstance(other, (Column, list, tuple)):
            return list(self) == list(other)
        return self._refuse(other)

    def __repr__(self):
        return f"<column {self.name} of {self.dataset}: {len(self)} value{'' if len(self) == 1 else 's'}>"

    @property
    def values(self):
        """A new list of them."""
        return list(self._values)

    def not_null(self):
        """A new list of those that are not NULL."""
        return [value for value in self._values if value is not None]


class Dataset(Counted):
    """The rows that a dataset's query answers. Only what is looked at is fetched: `len` brings over no row, and so knows
    also how many there are where they are too many to be looked at."""

    __hash__ = None

    def __init__(self, name):
        self.name = name
        self._shape = None
        self._values = {}
        self._row_class = None

    def _known(self):
        if self._shape is None:
            self._shape = raise_for(host.dataset(self.name))
        return self._shape

    @property
    def columns(self):
        """The names, in the query's order."""
        return [column["name"] for column in self._known()["columns"]]

    @property
    def is_truncated(self):
        """Whether the query had more rows than the data source's row limit lets through."""
        return self._known()["truncated"]

    def column(self, name):
        place = self._place(name)
        described = self._known()["columns"][place]
        return Column(self.name, described["name"], described["type"], self._column(place))

    def _place(self, name):
        names = self.columns
        if name in names:
            return names.index(name)
        raise met_with(UnknownColumn(f"The dataset {self.name!r} has no column {name!r}.{hint(name, names)}"))

    def _column(self, place):
        if place not in self._values:
            shape = self._known()
            if shape["truncated"]:
                raise met_with(TooMuchData(shape["missing"]))
            raw = host.column(self.name, place)
            self._values[place] = columns.decode(raw, shape["columns"][place]["type"], shape["rows"])
        return self._values[place]

    def _rows(self):
        if self._row_class is None:
            self._row_class = row_class(self.columns)
        places = range(len(self.columns))
        if not places:
            return iter([self._row_class()] * len(self))
        return map(self._row_class, zip(*[self._column(place) for place in places]))

    def __len__(self):
        return self._known()["rows"]

    def __iter__(self):
        return self._rows()

    def __getitem__(self, key):
        if isinstance(key, str):
            raise TypeError(f"A dataset is a list of rows. For a column write .column({key!r}).")
        if isinstance(key, slice):
            return [self._row(index) for index in range(*key.indices(len(self)))]
        index = key.__index__()
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(f"The dataset {self.name!r} has {len(self)} rows, so there is no [{key}].")
        return self._row(index)

    def _row(self, index):
        if self._row_class is None:
            self._row_class = row_class(self.columns)
        return self._row_class([self._column(place)[index] for place in range(len(self.columns))])

    def __eq__(self, other):
        if isinstance(other, (Dataset, list, tuple)):
            return self is other or (len(self) == len(other) and list(self) == list(other))
        return self._refuse(other)

    def __repr__(self):
        if self._shape is None:
            return f"<dataset {self.name}>"
        return f"<dataset {self.name}: {len(self)} rows of {', '.join(self.columns)}>"


class Datasets:
    """`datasets['name']`: every dataset that the checker may read."""

    def __init__(self):
        self._known = {}

    def __getitem__(self, name):
        if not isinstance(name, str):
            raise TypeError(f"A dataset has a name: datasets['orders'], not datasets[{cells.describe(name)}].")
        if name not in self._known:
            self._known[name] = Dataset(name)
        return self._known[name]

    def __contains__(self, name):
        if not isinstance(name, str):
            return False
        reply = host.dataset(name)
        if reply.get("error", {}).get("kind") == "unknown":
            return False
        raise_for(reply)  # that nobody answers says nothing of whether it is there
        return True

    def get(self, name, default=None):
        """`datasets[name]`: also here a name that there is none of is an error. `name in datasets` asks."""
        raise_for(host.dataset(name))
        return self[name]

    def __iter__(self):
        raise TypeError("The datasets cannot be listed. Name the one you want: datasets['orders'].")

    def __repr__(self):
        return "<datasets: datasets['name'] gives one>"


datasets = Datasets()


def dataset(name):
    """The same as `datasets[name]`."""
    return datasets[name]


def _name_of(source):
    return source.name if isinstance(source, Dataset) else source


def count(source, where=None):
    """How many rows the dataset has, counted by its database: no row is brought over. `where` is a SQL condition."""
    return metric(source, "count(*)", where)


def finite(value):
    """`value` as a number that a threshold can be compared with; None stays None.

    A text that is none, NaN and infinity are errors."""
    if value is None:
        return None
    number = value
    if isinstance(value, str):
        try:
            number = decimal.Decimal(value)
        except ArithmeticError:
            number = None
    if isinstance(number, bool) or not isinstance(number, (int, float, decimal.Decimal)) or number - number != 0:
        raise TypeError(f"{cells.describe(value)} is no number that a threshold can be compared with.")
    return number


def metric(source, expression, where=None):
    """One SQL aggregate over the dataset, computed by its database: `metric('orders', 'max(amount)')`."""
    name = _name_of(source)
    if not isinstance(name, str) or not isinstance(expression, str) or not isinstance(where, (str, type(None))):
        raise TypeError("metric(dataset, expression, where) takes a dataset or its name, and SQL as text.")
    reply = raise_for(host.measure(name, expression, where or ""))
    value = cells.decode(reply["value"])
    return columns.read(value, reply["type"]) if isinstance(value, str) else value
