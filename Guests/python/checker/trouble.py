"""Says what went wrong with a script, in its author's terms: only frames of users' code, with their lines."""

import traceback

from . import host
from .errors import DatasetError, NoSuchModule, NotInSandbox

LONGEST = 6000  # characters of a traceback


def describe(error):
    """The JSON object for the host."""
    summary = traceback.TracebackException(type(error), error, error.__traceback__, compact=True)
    _keep_users_frames(summary, 0)
    text = "".join(summary.format())
    if len(text) > LONGEST:
        text = text[: LONGEST // 2] + "\n  ...\n" + text[-LONGEST // 2 :]
    last = "".join(summary.format_exception_only()).strip()
    told = {"reason": _reason(error), "message": _message(error, last), "traceback": text.rstrip("\n")}
    line = _line(error)
    if line:
        told["line"] = line
    return told


def _keep_users_frames(summary, depth):
    summary.stack[:] = [frame for frame in summary.stack if frame.filename.startswith(host.MARK)]
    for other in (summary.__cause__, summary.__context__):
        if other is not None and depth < 8:
            _keep_users_frames(other, depth + 1)


def _reason(error):
    if isinstance(error, DatasetError):
        return error.reason
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, SyntaxError) and str(error.filename).startswith(host.MARK):
        return "syntax"
    return "forbidden" if isinstance(error, (NotInSandbox, NoSuchModule)) else "exception"


def _message(error, last):
    if isinstance(error, SyntaxError):
        place = f" ({error.filename}, line {error.lineno})" if error.filename else ""
        return f"{type(error).__name__}: {error.msg}{place}"
    if isinstance(error, MemoryError):
        return "The script used up its memory."
    return last[:1000]


def _line(error):
    """Of the author's own script, the innermost."""
    if isinstance(error, SyntaxError) and error.filename == host.State.main_file:
        return error.lineno
    line, entry = None, error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == host.State.main_file:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line
