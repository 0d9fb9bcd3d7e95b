"""Values as the host takes and gives them: JSON's own, and for the rest an object with the kind as its one key."""

import datetime
import decimal
import uuid

LONGEST = 1000  # characters of one value; the host has a limit of its own


def encode(value):
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int):
        value = int(value)
        if -(2**63) <= value < 2**63:
            return value
        if value.bit_length() > 8000:
            return f"an integer of {value.bit_length()} bits"
        return {"decimal": str(value)}
    if isinstance(value, float):
        value = float(value)
        return value if value - value == 0 else {"double": str(value)}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)[:LONGEST]}
    if isinstance(value, (bytes, bytearray)):
        return {"binary": bytes(value[:LONGEST]).hex()}
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (datetime.timedelta, uuid.UUID)):
        return str(value)
    return cut(value if isinstance(value, str) else describe(value))


def decode(cell):
    if not isinstance(cell, dict):
        return cell
    ((kind, text),) = cell.items()
    if kind == "integer":
        return int(text)
    if kind == "decimal":
        return decimal.Decimal(text)
    if kind == "double":
        return float(text)
    return bytes.fromhex(text)


def describe(value):
    """`repr`, whatever a class of the script makes of it."""
    try:
        return cut(repr(value))
    except Exception as error:
        return f"<{type(value).__name__}, whose repr raised {type(error).__name__}>"


def cut(text, longest=LONGEST):
    text = str(text)
    return text if len(text) <= longest else text[: longest - 1] + "…"
