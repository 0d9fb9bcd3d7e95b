"""Finds in a script what looks like a check and is never carried out: what a dropped generator would have stated, and
tests that nothing calls."""

import ast
import re

_LAZY = {"map", "filter", "zip", "enumerate", "reversed", "iter"}
_WORDS = ("yield", "map(", "filter(", "zip(", "\n(", "def test")
_WORTH_PARSING = re.compile(r"\byield\b|^[ \t]*(?:map|filter|zip)\(|^[ \t]*\(.*\bfor\b|^(?:async )?def test", re.M)
_PLAIN_CLASS = re.compile(r"^class \w+(?:\(object\))?:", re.M)
_TEST = re.compile(r"test(_|[A-Z0-9]|$)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def look(source, parse):
    """The line and what to say of it, or None. It is for runs, and so parses only what has a word for it; all is found
    when a script is saved."""
    if not any(word in source for word in _WORDS):
        return None
    is_worth_it = _WORTH_PARSING.search(source) or ("def test" in source and _PLAIN_CLASS.search(source))
    return find(parse(source)) if is_worth_it else None


def find(tree):
    script = _Script()
    script.visit(tree)
    found = [trouble for trouble in map(script.dropped, script.statements) if trouble] + list(script.uncalled(tree.body))
    return min(found, default=None)


class _Script(ast.NodeVisitor):
    def __init__(self):
        self.statements = []  # expressions whose value nobody takes, and plain assertions
        self.functions = {}  # by name, whether each one of it is a generator
        self.stored = set()
        self.loaded = set()
        self.texts = set()

    def visit_Expr(self, node):
        self.statements.append(node.value)
        self.generic_visit(node)

    def visit_Assert(self, node):
        self.statements.append(node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        is_generator = not node.decorator_list and isinstance(node, ast.FunctionDef) and _yields(node)
        self.functions[node.name] = self.functions.get(node.name, True) and is_generator
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.stored.add(node.name)
        self.generic_visit(node)

    def visit_Name(self, node):
        (self.loaded if isinstance(node.ctx, ast.Load) else self.stored).add(node.id)

    def visit_arg(self, node):
        self.stored.add(node.arg)

    def visit_alias(self, node):
        self.stored.add((node.asname or node.name).split(".")[0])

    def visit_Attribute(self, node):
        self.loaded.add(node.attr)
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self.texts.add(node.value)

    def dropped(self, node):
        """What is said of a statement that carries out nothing."""
        if isinstance(node, ast.Assert):
            always = isinstance(node.test, ast.Tuple) and node.test.elts
            return (node.lineno, "assert (x, 'message') holds whatever x is: leave the parentheses out.") if always else None
        if isinstance(node, ast.GeneratorExp):
            return node.lineno, "Nothing of this generator is carried out: write it as a loop."
        if isinstance(node, ast.Attribute) and node.attr.startswith("assert"):
            return node.lineno, f"{node.attr} is not called: it needs its values in parentheses."
        name = _called(node)
        if name in self.stored or name is None:
            return None
        if name in _LAZY and isinstance(node.func, ast.Name) and name not in self.functions:
            return node.lineno, f"Nothing of this {name}() is carried out: write it as a loop."
        if self.functions.get(name):
            return node.lineno, f"Nothing of {name}() is carried out, which is a generator: write `for _ in {name}(): pass`."
        return None

    def uncalled(self, body):
        if {"globals", "locals", "vars"} & self.loaded:
            return
        for node in body:
            is_function = isinstance(node, _DEFINITIONS) and _TEST.match(node.name)
            if not is_function and not _has_tests(node):
                continue
            if not node.decorator_list and node.name not in self.loaded and node.name not in self.texts:
                instead = "call it" if is_function else f"write `class {node.name}(CheckerCase):`"
                yield node.lineno, f"Nothing calls {node.name}, so it checks nothing: {instead}."


def _called(node):
    """The name of a function, or of a method of `self`, that a statement calls."""
    if not isinstance(node, ast.Call):
        return None
    if isinstance(node.func, ast.Name):
        return node.func.id
    is_own = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "self"
    return node.func.attr if is_own else None


def _yields(function):
    """Whether the function itself yields, not one inside of it."""
    waiting = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*_DEFINITIONS, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(node))
    return False


def _has_tests(node):
    """Whether it is a class with tests below none that could be a CheckerCase."""
    if not isinstance(node, ast.ClassDef) or node.keywords:
        return False
    if any(not isinstance(base, ast.Name) or base.id != "object" for base in node.bases):
        return False
    return any(isinstance(each, _DEFINITIONS) and _TEST.match(each.name) for each in node.body)
