"""Takes the place of whatever in Python asks an operating system: there is none.

A call that gets through to the system interface ends the script at once and without a traceback, so everything that a
script is likely to try is replaced by an error that can be read, or by the run's own clock and randomness.
"""

import ast
import builtins
import datetime
import gc
import importlib.machinery
import io
import linecache
import os
import random
import sys
import time
import traceback
import zoneinfo
import zoneinfo._common
import zoneinfo._tzpath

from . import host
from .errors import NoSuchModule, NotInSandbox, hint

try:
    from . import time_zones
except ImportError:  # only where the build has not made it
    time_zones = None


def _refuse(what, instead):
    def refused(*_, **__):
        raise NotInSandbox(f"{what} is not in the sandbox of checkers. {instead}")

    return refused


_FILES = "A checker reads datasets: datasets['name']."
_WAITING = "A checker never waits: it looks at the data as they are now."
_PROCESSES = "A checker has no processes and no system."


def install():
    """Once, before the snapshot is taken from which every run starts."""
    _install_clock()
    _install_random()
    _install_refusals()
    _install_compiler()
    _install_tracebacks()
    _install_zones()


# Time


def _install_clock():
    time.time = time.monotonic = time.perf_counter = time.process_time = time.thread_time = lambda: host.State.now
    nanoseconds = lambda: int(host.State.now * 1e9)
    time.time_ns = time.monotonic_ns = time.perf_counter_ns = time.process_time_ns = time.thread_time_ns = nanoseconds
    time.clock_gettime = lambda _: host.State.now
    time.clock_gettime_ns = lambda _: nanoseconds()
    for name in ("localtime", "gmtime", "ctime"):
        setattr(time, name, _at_the_moment(getattr(time, name)))
    time.strftime = _strftime_at_the_moment(time.strftime, time.gmtime)
    time.asctime = _asctime_at_the_moment(time.asctime, time.gmtime)
    time.sleep = _refuse("time.sleep()", _WAITING)
    _patch_datetime()


def _at_the_moment(function):
    return lambda seconds=None: function(host.State.now if seconds is None else seconds)


def _strftime_at_the_moment(strftime, gmtime):
    return lambda form, moment=None: strftime(form, gmtime() if moment is None else moment)


def _asctime_at_the_moment(asctime, gmtime):
    return lambda moment=None: asctime(gmtime() if moment is None else moment)


def _patch_datetime():
    """`datetime.now` is written in C and asks the system's clock. The class cannot be changed from Python, but its
    dictionary can, so that every date keeps the one true class (a class below it would break `type(x) is datetime`)."""

    def now(cls, tz=None):
        return cls.fromtimestamp(host.State.now, datetime.timezone.utc if tz is None else tz).replace(
            **({"tzinfo": None} if tz is None else {})
        )

    def utcnow(cls):
        return now(cls)

    def today(cls):
        return now(datetime.datetime) if cls is datetime.datetime else cls.fromordinal(now(datetime.datetime).toordinal())

    for cls, functions in ((datetime.datetime, (now, utcnow, today)), (datetime.date, (today,))):
        (members,) = (found for found in gc.get_referents(cls.__dict__) if type(found) is dict)
        for function in functions:
            members[function.__name__] = classmethod(function)
    sys._clear_internal_caches()
    if hasattr(sys, "_clear_type_cache"):
        sys._clear_type_cache()


# Randomness


def _install_random():
    os.urandom = random._urandom = lambda size: random.randbytes(size)
    import uuid

    uuid.getnode = lambda: 0x020000000000
    uuid._generate_time_safe = None


# What is not there


def _install_refusals():
    opening = _refuse("open()", _FILES)
    builtins.open = io.open = io.open_code = opening
    builtins.input = _refuse("input()", "A checker has parameters: param('name').")
    builtins.breakpoint = _refuse("breakpoint()", "print() writes into the run's log.")
    io.FileIO = _refuse("FileIO", _FILES)
    keep = {"fspath", "fsencode", "fsdecode", "urandom", "get_exec_path", "getenv", "environ", "unsetenv", "putenv"}
    for name in list(vars(os)):
        value = vars(os)[name]
        if callable(value) and not isinstance(value, type) and not name.startswith("_") and name not in keep:
            setattr(os, name, _refuse(f"os.{name}()", _PROCESSES if "exec" in name or "spawn" in name else _FILES))
    os._exit = _refuse("os._exit()", "sys.exit() ends a script.")
    posix = sys.modules.get("posix")
    for name in list(vars(posix)) if posix else ():
        value = vars(posix)[name]
        if callable(value) and not isinstance(value, type) and name not in keep:
            setattr(posix, name, _refuse(f"posix.{name}()", _PROCESSES))


ABSENT = {
    "socket": "A checker has no network.",
    "ssl": "A checker has no network.",
    "urllib": "A checker has no network.",
    "http": "A checker has no network.",
    "requests": "A checker has no network.",
    "threading": "A checker has one thread.",
    "multiprocessing": _PROCESSES,
    "subprocess": _PROCESSES,
    "ctypes": _PROCESSES,
    "sqlite3": _FILES,
    "pandas": "Only the standard library and the namespace's own libraries are there.",
    "numpy": "Only the standard library and the namespace's own libraries are there.",
}


def missing_module(name):
    first = name.split(".")[0]
    why = ABSENT.get(first) or hint(name, host.State.context.get("libraries", ())).strip()
    return f"The sandbox of checkers has no module {name!r}.{' ' + why if why else ''}"


class Libraries:
    """Finds the namespace's own libraries; what is neither theirs nor in the snapshot does not exist."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if path is None and name in host.State.context.get("libraries", ()):
            return importlib.machinery.ModuleSpec(name, Libraries, origin=f"{host.MARK}{name}.py")
        raise NoSuchModule(missing_module(name), name=name)

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        source = host.library(module.__name__)
        if source is None:
            raise NoSuchModule(missing_module(module.__name__), name=module.__name__)
        file_name = f"{host.MARK}{module.__name__}.py"
        remember_source(file_name, source)
        module.__file__ = f"{module.__name__}.py"
        _exec(_compile(source, file_name, "exec"), module.__dict__)


def seal():
    """From here on no module is looked for anywhere but in the snapshot and among the libraries. Done before the snapshot
    is taken, because throwing the search path away touches much memory, which each run would then have a copy of."""
    _without_threads()
    sys.path_importer_cache.clear()
    sys.path.clear()
    sys.path_hooks.clear()
    sys.meta_path[:] = [_Own, importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter, Libraries]


def _without_threads():
    """Whatever needs its locks has them; a script that asks for threads is told that there are none."""
    import _thread

    for name in ("threading", "_threading_local", "concurrent", "concurrent.futures", "queue"):
        sys.modules.pop(name, None)
    for name in ("start_new_thread", "start_new", "start_joinable_thread"):
        if hasattr(_thread, name):
            setattr(_thread, name, _refuse("A thread", ABSENT["threading"]))


def make_way_for_libraries():
    """A library may have the name of a module of the snapshot, and then takes its place."""
    for name in host.State.context["libraries"]:
        sys.modules.pop(name, None)


class _Own:
    """Libraries go before what Python has built in."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if path is None and name in host.State.context.get("libraries", ()):
            return Libraries.find_spec(name)
        return None


# Compiling

_compile, _exec = builtins.compile, builtins.exec


def remember_source(file_name, source):
    linecache.cache[file_name] = (len(source), None, source.splitlines(True), file_name)


def _install_compiler():
    """To quote the line of a SyntaxError, CPython opens the file, which there is none of. It leaves that alone when the
    name cannot be encoded, so all that is compiled gets such a name."""

    def compile(source, filename, mode, *arguments, **named):
        if mode == "exec" and isinstance(filename, str) and not filename.startswith(host.MARK):
            filename = host.MARK + filename
        return _compile(source, filename, mode, *arguments, **named)

    def exec(source, globals=None, locals=None, /, **named):
        frame = sys._getframe(1)
        if globals is None:
            globals = frame.f_globals
            if locals is None:
                locals = frame.f_locals
        if isinstance(source, (str, bytes, bytearray)):
            source = _compile(source, host.MARK + "<string>", "exec")
        return _exec(source, globals, globals if locals is None else locals, **named)

    builtins.compile, builtins.exec = compile, exec


def _install_tracebacks():
    linecache.updatecache = lambda *_, **__: []
    linecache.checkcache = lambda *_, **__: None
    linecache.lazycache = lambda *_, **__: False
    traceback._extract_caret_anchors_from_line_segment = lambda *_: None
    traceback.TracebackException._find_keyword_typos = lambda self: None


def _install_zones():
    zoneinfo._tzpath.reset_tzpath(to=())

    def load_tzdata(key):
        place = time_zones.PLACES.get(key) if time_zones else None
        if place is None:
            raise zoneinfo.ZoneInfoNotFoundError(f"There is no time zone {key!r}.")
        return io.BytesIO(time_zones.DATA[place[0] : place[0] + place[1]])

    zoneinfo._common.load_tzdata = load_tzdata
    zoneinfo.available_timezones = lambda: set(time_zones.PLACES) if time_zones else set()


# Plain `assert`


class Asserts(ast.NodeTransformer):
    """Makes `assert x, 'message'` state a verdict, also when it holds."""

    def __init__(self, file_name):
        self.file_name = file_name

    def visit_Assert(self, node):
        if isinstance(node.test, ast.Tuple) and node.test.elts:
            message = "assert (x, 'message') holds whatever x is: leave the parentheses out"
            raise SyntaxError(message, (self.file_name, node.lineno, None, None))
        self.generic_visit(node)
        code = ast.Constant(ast.unparse(node.test))
        later = ast.Lambda(ast.arguments([], [], None, [], [], None, []), node.msg or code)
        call = ast.Call(ast.Name("__assert__", ast.Load()), [node.test, later, code], [])
        return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def compile_script(source, file_name):
    if "assert " in source or "assert(" in source:
        tree = _compile(source, file_name, "exec", ast.PyCF_ONLY_AST)
        return _compile(Asserts(file_name).visit(tree), file_name, "exec")
    return _compile(source, file_name, "exec")
