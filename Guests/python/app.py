"""The Python guest: CPython with everything that scripts may import, from a snapshot taken when it is built."""

# A snapshot has only the modules that were imported before it was taken.
# ruff: noqa: F401
import __future__
import abc
import array
import ast
import base64
import binascii
import bisect
import calendar
import cmath
import codecs
import collections
import collections.abc
import contextlib
import copy
import csv
import dataclasses
import datetime
import decimal
import difflib
import encodings.ascii
import encodings.idna
import encodings.latin_1
import encodings.punycode
import encodings.utf_16
import encodings.utf_16_be
import encodings.utf_16_le
import encodings.utf_32
import encodings.utf_8_sig
import enum
import fnmatch
import fractions
import functools
import gc
import graphlib
import hashlib
import heapq
import hmac
import html
import html.entities
import inspect
import io
import ipaddress
import itertools
import json
import keyword
import linecache
import locale
import math
import numbers
import operator
import os
import os.path
import pprint
import random
import re
import reprlib
import secrets
import statistics
import string
import struct
import sys
import textwrap
import time
import traceback
import types
import typing
import unicodedata
import uuid
import warnings
import weakref
import zlib
import zoneinfo

import _ast_unparse
import _strptime
import builtins
import wit_world

import business_calendar
import checker
from checker import errors, never_run, shims, trouble, verdicts
from checker.case import CheckerCase
from checker.errors import FailedAssertion
from checker.host import MARK, Log, State, begin, clean, report
from checker.values import needs_value

shims.install()
for _name in checker.__all__:
    setattr(builtins, _name, getattr(checker, _name))


def _assert(condition, message, code):
    """What a plain `assert` becomes. Its message names the verdict, so it is asked for when the assertion holds too."""
    holds = bool(needs_value("assert", condition))
    try:
        text = str(message())
    except Exception:
        if not holds:
            raise
        text = code
    verdicts.state(holds, "assert", text, expected=code)
    if not holds:
        error = FailedAssertion(text)
        error.is_reported = True
        raise error


builtins.__assert__ = _assert


# A collection would write to every object of the snapshot, and so make a copy of it for the run. Frozen, they are left
# alone; what a script makes is collected now and then.
shims.seal()
for _ in range(40):  # what CPython learns about code that runs often, it writes into the code
    json.loads(json.dumps({"a": [1, 2.5, None, True, "x"], "b": {}}, ensure_ascii=False, allow_nan=False))
    exec(shims.compile_script("x = [1]\nfor y in x: pass", "x.py"), {})
    never_run.look("x = [1]\nmap(lambda y: y, x)", lambda source: ast.parse(source))
    random.seed(1)
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)


class WitWorld(wit_world.WitWorld):
    def run(self, source: str, file_name: str, is_trial: bool) -> str:
        trouble_found = None
        sys.stdout = sys.stderr = log = Log()
        try:
            begin(file_name)
            random.seed(State.context["seed"])
            shims.make_way_for_libraries()
            if is_trial:
                trouble_found = _try(source)
            else:
                trouble_found = _run(source) or _passed_over(source)
            log.flush()
            verdicts.close()
        except BaseException as error:  # a script may have broken anything that it could reach
            trouble_found = trouble_found or _told(error)
        return "" if trouble_found is None else clean(json.dumps(trouble_found, ensure_ascii=False))


def _run(source):
    names = {"__name__": "__main__", "__builtins__": builtins, "__file__": State.main_file.removeprefix(MARK)}
    shims.remember_source(State.main_file, source)
    found = _guarded(lambda: shims._exec(shims.compile_script(source, State.main_file), names))
    if found is not None:
        return found
    for case in list(names.values()):
        if isinstance(case, type) and issubclass(case, CheckerCase) and case.__module__ == "__main__":
            for method in _tests(case):
                found = _guarded(lambda: _call(case, method)) or found
    return found


_forgotten = []


def _forget(coroutine):
    if coroutine.cr_code.co_filename.startswith(MARK):
        _forgotten.append(coroutine.__qualname__)


# Called for a coroutine that goes without ever having run.
warnings._warn_unawaited_coroutine = _forget


def _passed_over(source):
    """What the script did not come to: a coroutine that nobody ran, the first data error that it caught and did not
    accept, or what is written so that it never runs."""
    if _forgotten:
        message = f"{_forgotten[0]}() was called and never ran: it is async. A checker's functions are plain ones."
        return {"reason": "exception", "message": f"TypeError: {message}"}
    if not errors.met:
        dropped = never_run.look(source, lambda source: shims._compile(source, "x", "exec", ast.PyCF_ONLY_AST))
        return _never_run(dropped) if dropped else None
    told = _told(errors.met[0])
    told["message"] += " (The script caught this and went on; error.accept() says that it can do without these data.)"
    return told


def _never_run(dropped):
    line, message = dropped
    return {"reason": "exception", "message": message, "line": line}


def _tests(case):
    """In the order in which they are written, those of the class above first."""
    seen = {}
    for cls in reversed(case.__mro__):
        seen.update((name, None) for name in vars(cls) if name.startswith("test") and callable(getattr(case, name)))
    return list(seen)


def _call(case, method):
    made = case()
    made.setUp()
    try:
        needs_value(method, getattr(made, method)())
    finally:
        made.tearDown()


def _guarded(action):
    """The trouble that came of it. A failed assertion that was raised is a verdict, and `sys.exit()` is an end."""
    try:
        action()
    except AssertionError as error:
        if not getattr(error, "is_reported", False):
            _state_failure(error)
    except SystemExit as error:
        if error.code not in (None, 0):
            return _told(error)
    except BaseException as error:
        return _told(error)
    return None


def _state_failure(error):
    verdict = {
        "passed": False, "assertion": type(error).__name__, "message": str(error) or "assertion failed",
        "dataset": "", "expected": "", "line": trouble._line(error),
    }  # fmt: skip
    report(verdict)


def _told(error):
    try:
        return trouble.describe(error)
    except BaseException as another:
        return {"reason": "exception", "message": f"{type(error).__name__}; and then {type(another).__name__}"}


def _try(source):
    """Parses the script, and looks whether its imports could be had."""
    try:
        tree = shims._compile(source, State.main_file, "exec", ast.PyCF_ONLY_AST)
        shims._compile(tree, State.main_file, "exec")
    except (SyntaxError, ValueError) as error:
        return _told(error)
    dropped = never_run.find(tree)
    if dropped:
        return _never_run(dropped)
    guarded = {node for each in ast.walk(tree) if isinstance(each, ast.Try) for node in ast.walk(each)}
    for node in ast.walk(tree):
        if node in guarded:
            continue
        for name in _imported(node):
            first = name.split(".")[0]
            known = first in sys.modules or first in sys.builtin_module_names
            if not known and first not in State.context.get("libraries", ()):
                return {"reason": "forbidden", "message": shims.missing_module(name), "line": node.lineno}
    return None


def _imported(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module]
    return []
