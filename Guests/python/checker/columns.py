"""Reads the columns that the host sends."""

import datetime
import decimal
import json
import struct
import uuid

NULLS, BOOLEANS, INTEGERS, DOUBLES, BYTES = range(5)


def decode(raw, type_name, count):
    """The values of one column: a view on numbers without NULL, else a list."""
    kind, validity_size = struct.unpack_from("<II", raw)
    view = memoryview(raw)
    start = 8 + (validity_size + 7) // 8 * 8
    missing = _missing(view[8 : 8 + validity_size], count) if validity_size else ()
    if kind == NULLS:
        return [None] * count
    if kind == BOOLEANS:
        values = list(map(bool, view[start : start + count]))
    elif kind == INTEGERS:
        values = view[start : start + 8 * count].cast("q")
    elif kind == DOUBLES:
        values = view[start : start + 8 * count].cast("d")
    else:
        return _decode_bytes(view, start, type_name, count, missing)
    if missing:
        values = list(values)
        for row in missing:
            values[row] = None
    return values


def _missing(validity, count):
    rows = []
    for index, bits in enumerate(validity):
        if bits != 255:
            for bit in range(8):
                row = index * 8 + bit
                if row < count and not bits >> bit & 1:
                    rows.append(row)
    return rows


def _decode_bytes(view, start, type_name, count, missing):
    offsets = view[start : start + 4 * (count + 1)].cast("I").tolist()
    data = bytes(view[start + 4 * (count + 1) :])
    if type_name == "binary":
        values = [data[i:j] for i, j in zip(offsets, offsets[1:])]
    else:
        values = _texts(data, offsets)
    read = READERS.get(type_name)
    if missing:
        for row in missing:
            values[row] = None
        if read:
            values = [None if value is None else _read_or_keep(read, value) for value in values]
    elif read:
        try:
            values = list(map(read, values))
        except (ValueError, ArithmeticError):
            values = [_read_or_keep(read, value) for value in values]
    return values


def _texts(data, offsets):
    if data.isascii():
        text = data.decode("ascii")
        return [text[i:j] for i, j in zip(offsets, offsets[1:])]
    return [data[i:j].decode("utf-8", "replace") for i, j in zip(offsets, offsets[1:])]


def _read_or_keep(read, text):
    """Databases know values that Python has no type for, such as `infinity` for a date: these stay text."""
    try:
        return read(text)
    except (ValueError, ArithmeticError):
        return text


def read(text, type_name):
    """A value that came as text, as what its type says."""
    reader = READERS.get(type_name)
    return _read_or_keep(reader, text) if reader else text


READERS = {
    "boolean": lambda text: {"true": True, "t": True, "false": False, "f": False}.get(text.lower(), text),
    "integer": int,
    "double": float,
    "decimal": decimal.Decimal,
    "date": datetime.date.fromisoformat,
    "time": datetime.time.fromisoformat,
    "timestamp": datetime.datetime.fromisoformat,
    "uuid": uuid.UUID,
    "json": json.loads,
}
