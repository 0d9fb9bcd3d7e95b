"""The errors that a script may meet, and catch."""

import difflib


class FailedAssertion(AssertionError):
    """What a failing assertion raises when the case was made with `stop_on_failure=True`. Raised by hand, it is a
    failure with its text as the message."""

    is_reported = False


class DatasetError(Exception):
    """The data cannot be had: the database did not answer, or there is too much."""

    reason = "dataset"


class UnknownDataset(DatasetError, LookupError):
    reason = "unknownDataset"


class TooMuchData(DatasetError):
    reason = "tooMuchData"


class UnknownColumn(LookupError):
    pass


class NotInSandbox(PermissionError):
    """Files, sockets, waiting: what no script has."""


class NoSuchModule(ModuleNotFoundError):
    pass


def raise_for(reply):
    """Raises what the host's reply says is wrong, if it says so."""
    error = reply.get("error")
    if error is None:
        return reply
    kinds = {"unknown": UnknownDataset, "tooLarge": TooMuchData}
    raise kinds.get(error["kind"], DatasetError)(error["message"])


def hint(name, names):
    """` Did you mean 'email'?`, or which names there are, or nothing."""
    names = [str(each) for each in names]
    near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.6)
    if near:
        return f" Did you mean {near[0]!r}?"
    if 0 < len(names) <= 12:
        return f" There are: {', '.join(names)}."
    return ""


# A traceback calls the sandbox's own errors as a script does.
for _error in (FailedAssertion, DatasetError, UnknownDataset, TooMuchData, UnknownColumn, NotInSandbox):
    _error.__module__ = "builtins"
NoSuchModule.__module__, NoSuchModule.__qualname__ = "builtins", "ModuleNotFoundError"
NoSuchModule.__name__ = "ModuleNotFoundError"
