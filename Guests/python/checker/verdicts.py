"""States verdicts to the host, with the line of the author's script and some of the rows that it is about."""

import sys
from collections.abc import Sequence, Sized

from . import cells, host
from .data import Column, Dataset, Row

SAMPLE_ROWS = 20
SAMPLE_COLUMNS = 64
LONGEST_MESSAGE = 65_536
# A loop over rows that asserts something of each would bury the rest, so each line states its first ones only.
PASSES_OF_A_LINE = 10
FAILURES_OF_A_LINE = 50

_stated = {}


def author_line():
    """The line of the author's own script that is being carried out."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == host.State.main_file:
            return frame.f_lineno
        frame = frame.f_back
    return None


def state(passed, assertion, message, *, subject=None, observed=None, expected="", sample=None, warns=False):
    """Tells the host one verdict. `observed` and `expected` are what was found and what should have been."""
    line = author_line()
    key = (line, assertion, passed)
    count = _stated[key] = _stated.get(key, 0) + 1
    if count > (PASSES_OF_A_LINE if passed else FAILURES_OF_A_LINE):
        return
    verdict = {
        "passed": passed,
        "assertion": assertion,
        # The host cuts it where its limit is, and says so.
        "message": message[:LONGEST_MESSAGE],
        "dataset": dataset_of(subject),
        "expected": expected[:LONGEST_MESSAGE],
        "line": line,
    }
    if warns:
        verdict["warns"] = True
    if observed is not None:
        verdict["observed"] = cells.encode(observed)
    if not passed and sample is not None:
        verdict["sample"] = sample
    host.report(verdict)


def close():
    """Says in the log what was not listed."""
    for (line, assertion, passed), count in _stated.items():
        more = count - (PASSES_OF_A_LINE if passed else FAILURES_OF_A_LINE)
        if more > 0:
            held = "held" if passed else "failed"
            place = f"line {line}" if line else "no line of the script"
            host.log(f"{place}: {more} more times {assertion} {held}, which is not listed\n")


def dataset_of(subject):
    if isinstance(subject, Dataset):
        return subject.name
    return subject.dataset if isinstance(subject, Column) else ""


def is_sized(value):
    return isinstance(value, Sized) and not isinstance(value, (str, bytes, bytearray))


def sample_at(collection, places):
    """The rows of a collection at these places. A dataset's own rows are not sent back: the host has them."""
    if isinstance(collection, Dataset):
        return {"dataset": collection.name, "rows": places[:SAMPLE_ROWS], "total": len(places)}
    items = list(collection)
    return sample_of([items[place] for place in places])


def sample_of(collection):
    """The first rows of a collection."""
    if isinstance(collection, Dataset):
        total = len(collection)
        return {"dataset": collection.name, "rows": list(range(min(total, SAMPLE_ROWS))), "total": total}
    if isinstance(collection, Sequence):
        items = list(collection[:SAMPLE_ROWS])
    else:
        items = [item for item, _ in zip(collection, range(SAMPLE_ROWS))]
    if not items:
        return None
    names = _names(items[0])
    return {
        "columns": names,
        "rows": [[cells.encode(value) for value in _values(item, names)] for item in items],
        "total": len(collection),
    }


def _names(item):
    if isinstance(item, Row):
        return list(item._names[:SAMPLE_COLUMNS])
    if isinstance(item, dict):
        return [cells.cut(name, 100) for name in list(item)[:SAMPLE_COLUMNS]]
    if isinstance(item, (tuple, list)):
        return [str(place) for place in range(min(len(item), SAMPLE_COLUMNS))]
    return ["value"]


def _values(item, names):
    if isinstance(item, dict):
        found = list(item.values())
    elif isinstance(item, (tuple, list)):
        found = list(item)
    else:
        found = [item]
    return (found + [None] * len(names))[: len(names)]
