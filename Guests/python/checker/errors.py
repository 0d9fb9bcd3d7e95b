"""The errors that a script may meet, and catch."""

import difflib


class FailedAssertion(AssertionError):
    """What a failing assertion raises when the case was made with `stop_on_failure=True`. Raised by hand, it is a
    failure with its text as the message."""

    is_reported = False


class Kept(Exception):
    """It ends the run as an error, also when the script catches it: what could not be looked at is not well. A script
    that can do without says so by `accept()`."""

    def accept(self):
        if self in met:
            met.remove(self)

    # Each is one of its own, whatever it says.
    __eq__ = object.__eq__
    __hash__ = object.__hash__


class DatasetError(Kept):
    """The data cannot be had: the database did not answer, or there is too much."""

    reason = "dataset"


class UnknownDataset(DatasetError, LookupError):
    reason = "unknownDataset"


class TooMuchData(DatasetError):
    reason = "tooMuchData"


class UnknownColumn(Kept, LookupError):
    pass


class UnknownAttribute(UnknownColumn, AttributeError):
    """A column that was asked for as `row.name`."""


class NotInSandbox(PermissionError):
    """Files, sockets, waiting: what no script has."""


class NoSuchModule(ModuleNotFoundError):
    pass


# The errors about data of this run that the script has not accepted.
met = []


def met_with(error):
    met.append(error)
    return error


def raise_for(reply):
    """Raises what the host's reply says is wrong, if it says so."""
    error = reply.get("error")
    if error is None:
        return reply
    kinds = {"unknown": UnknownDataset, "tooLarge": TooMuchData}
    raise met_with(kinds.get(error["kind"], DatasetError)(error["message"]))


def near(name, names, likeness):
    """The one of the names that is most like `name`, from 0 to 1; None when none is like enough."""
    found = difflib.get_close_matches(str(name), [str(each) for each in names], n=1, cutoff=likeness)
    return found[0] if found else None


def hint(name, names):
    """` Did you mean 'email'?`, or which names there are, or nothing."""
    names = [str(each) for each in names]
    found = near(name, names, 0.6)
    if found:
        return f" Did you mean {found!r}?"
    if 0 < len(names) <= 12:
        return f" There are: {', '.join(names)}."
    return ""


# A traceback calls the sandbox's own errors as a script does.
for _error in (FailedAssertion, DatasetError, UnknownDataset, TooMuchData, UnknownColumn, UnknownAttribute, NotInSandbox):
    _error.__module__ = "builtins"
UnknownAttribute.__name__ = UnknownAttribute.__qualname__ = "UnknownColumn"
NoSuchModule.__module__, NoSuchModule.__qualname__ = "builtins", "ModuleNotFoundError"
NoSuchModule.__name__ = "ModuleNotFoundError"
